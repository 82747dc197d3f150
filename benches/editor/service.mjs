// vscode-json-languageservice, configured to validate every document against one schema.

import json from "vscode-json-languageservice";

export const { TextDocument } = json;

/** Returns a function that returns the diagnostics of a text document. */
export function service(schema) {
  const languageService = json.getLanguageService({});
  // The file pattern assigns the schema to the documents; an inline schema is not fetched.
  languageService.configure({ validate: true, schemas: [{ uri: schema.$id, fileMatch: ["*.json"], schema }] });
  // The settings of editors for `.json` files.
  const settings = { comments: "error", trailingCommas: "error" };
  return (document) =>
    languageService.doValidation(document, languageService.parseJSONDocument(document), settings);
}
