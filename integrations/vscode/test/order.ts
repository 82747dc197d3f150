// An order with three mistakes, each with a safe fix.

// The first mistake follows a character of two UTF-16 units and four bytes.
export const order = `{
  "customerId": "1000417733",
  "type": "sales",
  "poNumber": "😀 PO-2214 ", "subscriptionPeriod": { "type": "year", "duration": 1 },
  "products": [
    {
      "mpn": "CFQ7TTC0LCHC:0002",
      "quantity": 12,
      "billingPeriod": { "type": "month", "duration": 1 },
      "parameters": [
        { "name": "tenant_preference", "value": "existing" },
        { "name": "partner_on_record_attestation_accepted", "structured_value": { "attestation_accepted": true } },
        { "name": "offer_attestation", "structured_value": { "attestation_accepted": true } },
        { "name": "microsoft_domain", "value": "marlowebridgetoys.onmicrosoft.com " },
      ]
    }
  ]
}
`;
export const mistakes = ["json/trailing-comma", "order/domain-shape", "payload/surrounding-space"];
