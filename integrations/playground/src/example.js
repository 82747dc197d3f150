// Examples of the pages of rules as payloads, and the settings that they need.

/** An order that people start with: it has six mistakes, all with a fix. */
export const SAMPLE = `{
  "customerId": "1000420011",
  "type": "sale",
  "poNumber": "PO-2200",
  "subscriptionPeriod": { "type": "year", "duration": 1 },
  "products": [
    {
      "mpn": "cfq7ttc0lchc:0002",
      "quantity": "3",
      "billingPeriod": { "type": "month", "duration": 1 },
      "parameters": [
        { "name": "tenant_preference", "value": "new" },
        { "name": "partner_on_record_attestation_accepted", "structured_value": { "attestation_accepted": true } },
        { "name": “microsoft_domain”, "value": "bluebirdbakery.onmicrosoft.com" },
        { "name": "mca_acceptance", "value": "yes" },
        { "name": "agreement_date", "value": "2024-01-01" },
        { "name": "first_name_agreement", "value": "Lena" },
        { "name": "last_name_agreement", "value": "Hartwell" },
        { "name": "email_address_agreement", "value": "lena@bluebirdbakery.com" },
        { "name": "effective_address", "value": "418 Alder Street" },
        { "name": "effective_city", "value": "Portland" },
        { "name": "effective_state", "value": "OR" },
        { "name": "effective_postal_code", "value": "97205" },
        { "name": "effective_country", "value": "US" },
        { "name": "effective_phonenumber", "value": "(503) 555-0110" },
        { "name": "customer_company_name", "value": "Bluebird Bakery" },
        { "name": "customer_email", "value": "office@bluebirdbakery.com" },
        { "name": "special_qualifications", "value": "None" },
        { "name": "offer_attestation", "structured_value": { "attestation_accepted": false } }
      ]
    }
  ],
}
`;

const order = (lines) => ({ customerId: "1", type: "sales", subscriptionPeriod: { type: "year", duration: 1 }, products: lines });
const line = (parameters) => ({ mpn: "CFQ7TTC0LH16:0001", quantity: 1, billingPeriod: { type: "month", duration: 1 }, parameters });

/** Whether a value is a parameter of an order: a certificate has an ID besides its name, a customer has contacts. */
function isParameter(value) {
  return typeof value === "object" && value !== null && ("name" in value || "key" in value) && !("id" in value)
    && !("contactPersons" in value) && !("schema" in value);
}

/** Returns an order that contains an example which is a part of one, and any other example as it is. */
export function completePayload(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const shown = (payload) => `${JSON.stringify(payload, null, 2)}\n`;
  if (typeof value !== "object" || value === null || "customerId" in value) return text;
  if ("mpn" in value) return shown(order([value]));
  if (isParameter(value)) return shown(order([line([value])]));
  if (Array.isArray(value) && isParameter(value[0])) return shown(order([line(value)]));
  return text;
}

/** Returns the options and the configuration that the facts of an example stand for, such as \`form=request\`. */
export function setupOf(facts) {
  const options = {};
  const lists = {};
  const lines = [];
  for (const fact of facts.split(/\s+/).filter((part) => part.includes("="))) {
    const [name, value] = [fact.slice(0, fact.indexOf("=")), fact.slice(fact.indexOf("=") + 1)];
    if (name === "form") options.form = value;
    else if (name === "today") options.today = value;
    else if (name === "operation" || name === "marketplace-region" || name === "sales-model") lines.push(`${name} = "${value}"`);
    else if (name === "partner-domain" || name === "attested-product") (lists[`${name}s`] ??= []).push(value);
  }
  for (const [name, values] of Object.entries(lists)) lines.push(`${name} = ${JSON.stringify(values)}`);
  return { options, config: lines.map((text) => `${text}\n`).join("") };
}
