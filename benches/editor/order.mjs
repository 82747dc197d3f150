// The order that is edited. It is valid, and its values are invented.

const COMPANY = "Töpferei Zwirbelmoos";
const DOMAIN = "zwirbelmoos-keramik";

function parameters(more) {
  const plain = (name, value) => ({ name, value });
  return [
    plain("tenant_preference", "new"),
    { name: "partner_on_record_attestation_accepted", structured_value: { attestation_accepted: true } },
    plain("microsoft_domain", `${DOMAIN}.onmicrosoft.com`),
    plain("mca_acceptance", "yes"),
    plain("agreement_date", "05-22-2024"),
    plain("first_name_agreement", "Jördis"),
    plain("last_name_agreement", "Wennekamp"),
    plain("email_address_agreement", `joerdis@${DOMAIN}.de`),
    ...more.map(([name, value]) => plain(name, value)),
    { name: "offer_attestation", structured_value: { attestation_accepted: false } },
  ];
}

const order = {
  customerId: "1000425117",
  type: "sales",
  poNumber: "PO-2341",
  subscriptionPeriod: { type: "year", duration: 1 },
  products: [
    {
      mpn: "CFQ7TTC0LCHC:0002",
      quantity: 14,
      billingPeriod: { type: "month", duration: 1 },
      parameters: parameters([
        ["effective_address", "Gerberstraße 18"],
        ["effective_city", "Augsburg"],
        ["effective_postal_code", "86150"],
        ["effective_country", "DE"],
        ["customer_company_name", COMPANY],
        ["special_qualifications", "None"],
      ]),
    },
    {
      mpn: "CFQ7TTC0LFLX:0001",
      quantity: 3,
      billingPeriod: { type: "year", duration: 1 },
      parameters: parameters([]),
    },
  ],
};

/** Mistakes by the correct value; each gives one finding. */
export const FAULTS = new Map(
  Object.entries({
    sales: ['"Sales"', '"sale"', '"change"'],
    year: ['"annual"', '"day"', "null"],
    month: ['"monthly"', '"month'],
    "CFQ7TTC0LCHC:0002": ['"CFQ7TTC0LCHC-0002"', '"CFQ7TTC0LCHC"', '"CFQ7TTCOLCHC:0002"'],
    new: ['"New"', '"existing"', "new"],
    [`${DOMAIN}.onmicrosoft.com`]: [`"${DOMAIN}.de"`, `"${DOMAIN}"`, `"https://${DOMAIN}.onmicrosoft.com"`],
    yes: ['"no"', "true", "yes"],
    "05-22-2024": ['"2024-05-22"', '"22-05-2024"', '"05/22/2024"'],
    Jördis: ['"Jördis W."', '"J"', '""'],
    [`joerdis@${DOMAIN}.de`]: [`"joerdis@${DOMAIN}"`, `"jördis ${DOMAIN}.de"`, `joerdis@${DOMAIN}.de`],
    86150: ['"8615"', "86150", '"D-86150"'],
    DE: ['"Germany"', '"de"', '"GER"'],
    [COMPANY]: ['"Töpferei  Zwirbelmoos"', '"Töpferei Zwirbelmoos Inc"', '"Contoso"'],
    None: ['"StateOwned"', '"none"', "None"],
    14: ["0", "-14", '"14"', "14.5", "014"],
    true: ["false", '"true"', "True", "yes"],
    false: ["False", "no", "flase"],
    1: ["0", "12", "l"],
  }).map(([right, wrong]) => [/^(\d{1,2}|true|false)$/.test(right) ? right : JSON.stringify(right), wrong]),
);

/** Parameters that are typed between two others. */
export const NEW_PARAMETERS = [
  '{ "name": "effective_county", "value": "Bayern" }',
  '{ "name": "phone_number_agreement", "value": "+49 821 5550138" }',
  '{ "name": "agreement_date", "value": "05-22-2024" }',
];

export const ORDER = `${JSON.stringify(order, null, 2)}\n`;
