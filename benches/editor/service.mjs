// vscode-json-languageservice, set up to judge every document by one schema, and to do nothing else.

import json from "vscode-json-languageservice";

export const { TextDocument } = json;

/** What gives the diagnostics of a text document. */
export function service(schema) {
  const languageService = json.getLanguageService({});
  // The file name's pattern ties the schema to the documents; with the schema given, nothing is fetched.
  languageService.configure({ validate: true, schemas: [{ uri: schema.$id, fileMatch: ["*.json"], schema }] });
  // As editors judge `.json`.
  const settings = { comments: "error", trailingCommas: "error" };
  return (document) =>
    languageService.doValidation(document, languageService.parseJSONDocument(document), settings);
}
