// The editor of the payload.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { HighlightStyle, bracketMatching, foldGutter, foldKeymap, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorSelection, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The nonce of the policy for styles that the editor adds. */
const NONCE = document.querySelector("style").nonce;

const theme = EditorView.theme({
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "0.8125rem", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--muted)", borderRight: "1px solid var(--edge)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--info-tint)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--edge)" },
  ".cm-diagnostic": { padding: "0.25rem 0.5rem", maxWidth: "40rem", overflowWrap: "anywhere" },
  ".cm-diagnosticAction": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-textfield, .cm-button": { backgroundImage: "none", backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--control)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--sunken)", color: "var(--muted)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--info-tint)" },
  ".cm-searchMatch, .cm-selectionMatch": { backgroundColor: "var(--warning-tint)" },
});

const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--property)" },
  { tag: tags.string, color: "var(--string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--number)" },
]);

/** The offset in a document of a position of a finding. A position after the end is the end. */
function offsetOf(doc, { line, utf16 }) {
  if (line > doc.lines) return doc.length;
  const { from, to } = doc.line(line);
  return Math.min(from + utf16 - 1, to);
}

export class Editor {
  #view;

  /** Creates the editor in an element. `onChange` is called after each change of the text. */
  constructor(parent, onChange) {
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        extensions: [
          EditorView.cspNonce.of(NONCE),
          lineNumbers(), foldGutter(), lintGutter(), history(), drawSelection(), highlightSpecialChars(), bracketMatching(),
          highlightSelectionMatches(), search({ top: true }), json(), syntaxHighlighting(colors), theme, EditorView.lineWrapping,
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...foldKeymap, ...lintKeymap]),
          EditorView.contentAttributes.of({ "aria-label": "Payload", spellcheck: "false", tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) onChange();
          }),
        ],
      }),
    });
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  /** The document, which is another object after each change. */
  get document() {
    return this.#view.state.doc;
  }

  /** Replaces the text where it differs, so that the cursor and the undo history stay. */
  set text(text) {
    const old = this.text;
    const next = text.replace(/\r\n?/g, "\n");
    let start = 0;
    while (start < old.length && old[start] === next[start]) start += 1;
    let end = 0;
    while (end < old.length - start && end < next.length - start && old.at(-1 - end) === next.at(-1 - end)) end += 1;
    this.#view.dispatch({ changes: { from: start, to: old.length - end, insert: next.slice(start, next.length - end) } });
  }

  /** Underlines findings. Those of another document are not shown. */
  show(findings, document, onFix) {
    if (document !== this.document) return;
    const diagnostics = findings.map((finding) => ({
      from: offsetOf(document, finding.range.start),
      to: offsetOf(document, finding.range.end),
      severity: finding.level,
      source: finding.rule,
      message: finding.help === null ? finding.message : `${finding.message}\n${finding.help}`,
      actions: finding.fix === null ? [] : [{ name: finding.fix.title, apply: () => onFix(finding) }],
    }));
    this.#view.dispatch(setDiagnostics(this.#view.state, diagnostics));
  }

  /** Selects a range of a finding and moves the focus to it. */
  select({ start, end }) {
    const { doc } = this.#view.state;
    const selection = EditorSelection.single(offsetOf(doc, start), offsetOf(doc, end));
    this.#view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.main, { y: "center" }) });
    this.#view.focus();
  }

  /** Applies the edits of a fix. */
  apply(edits) {
    const { doc } = this.#view.state;
    const changes = edits.map(({ range, text }) => ({ from: offsetOf(doc, range.start), to: offsetOf(doc, range.end), insert: text }));
    this.#view.dispatch({ changes });
  }
}
