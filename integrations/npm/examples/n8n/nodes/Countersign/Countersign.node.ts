// A node that checks the payload of each item, and sends items with errors to an output of their own.
import { NodeConnectionTypes, NodeOperationError } from "n8n-workflow";
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from "n8n-workflow";
import { check, fix } from "countersign";
import type { Kind, Options, Report } from "countersign";

export class Countersign implements INodeType {
  description: INodeTypeDescription = {
    displayName: "Countersign",
    name: "countersign",
    group: ["transform"],
    version: 1,
    description: "Checks marketplace orders, certificates, customers and qualifications before they are submitted",
    defaults: { name: "Countersign" },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
    outputNames: ["Valid", "Invalid"],
    properties: [
      {
        displayName: "Payload",
        name: "payload",
        type: "json",
        default: "={{ $json }}",
        description: "The payload to check, as a value or as text",
      },
      {
        displayName: "Kind",
        name: "kind",
        type: "options",
        options: [
          { name: "Detected", value: "" },
          { name: "Certificate", value: "certificate" },
          { name: "Customer", value: "customer" },
          { name: "Order", value: "order" },
          { name: "Qualification", value: "qualification" },
        ],
        default: "",
        description: "The kind of the payload",
      },
      {
        displayName: "Apply Safe Fixes",
        name: "applyFixes",
        type: "boolean",
        default: false,
        description: "Whether fixes that keep the meaning are applied before the payload is passed on",
      },
      {
        displayName: "Partner Domains",
        name: "partnerDomains",
        type: "string",
        typeOptions: { multipleValues: true },
        default: [],
        description: "Your own mail domains, which no customer may use",
      },
    ],
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const valid: INodeExecutionData[] = [];
    const invalid: INodeExecutionData[] = [];
    for (const [index, item] of this.getInputData().entries()) {
      try {
        const { payload, report } = checkItem(this, index);
        const output = report.summary.errors === 0 ? valid : invalid;
        const json: IDataObject = { ...item.json, payload, findings: report.findings as unknown as IDataObject[] };
        output.push({ json, pairedItem: { item: index } });
      } catch (error) {
        if (!this.continueOnFail()) throw new NodeOperationError(this.getNode(), error as Error, { itemIndex: index });
        invalid.push({ json: { error: (error as Error).message }, pairedItem: { item: index } });
      }
    }
    return [valid, invalid];
  }
}

/** Checks the payload of an item, after its fixes if they are to be applied. */
function checkItem(context: IExecuteFunctions, index: number): { payload: string | object; report: Report } {
  const value = context.getNodeParameter("payload", index) as string | object;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const kind = context.getNodeParameter("kind", index) as Kind | "";
  const options: Options = {
    partnerDomains: context.getNodeParameter("partnerDomains", index) as string[],
    ...(kind === "" ? {} : { kind }),
  };
  if (context.getNodeParameter("applyFixes", index) !== true) return { payload: value, report: check(text, options) };
  const fixed = fix(text, options);
  const isUnchanged = fixed.fixed === 0;
  return { payload: isUnchanged ? value : valueOf(fixed.text, typeof value === "string"), report: fixed.report };
}

/** The fixed payload: a text if it was one, else its value. */
function valueOf(text: string, isText: boolean): string | object {
  return isText ? text : (JSON.parse(text) as object);
}
