// The pages of rules as elements. They use headings, paragraphs, lists, tables, code and links.

/** The text of a line with its code, bold words and links. */
function inline(text) {
  const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]*\]\([^)\s]+\)|<https?:[^>]+>)/);
  return parts.map((part) => {
    const link = part.match(/^\[([^\]]*)\]\((https?:[^)]+)\)$/) ?? part.match(/^<((https?:[^>]+))>$/);
    if (link !== null) return element("a", { href: link[2], rel: "noopener noreferrer", target: "_blank" }, inline(link[1]));
    if (part.startsWith("`") && part.length > 1) return element("code", {}, [part.slice(1, -1)]);
    if (part.startsWith("**")) return element("strong", {}, [part.slice(2, -2)]);
    return part;
  });
}

/** A text of a finding, with the code in it as elements. Names and values between the backticks may hold anything. */
export function withCode(text) {
  return text.split(/(`[^`]+`)/).map((part, index) => index % 2 === 1 ? element("code", {}, [part.slice(1, -1)]) : part);
}

/** Creates an element. */
export function element(name, properties, children = []) {
  const created = Object.assign(document.createElement(name), properties);
  created.append(...children);
  return created;
}

function table(rows) {
  const cells = (row) => row.replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => inline(cell.trim().replaceAll("\\|", "|")));
  const head = cells(rows[0]).map((cell) => element("th", { scope: "col" }, cell));
  const body = rows.slice(2).map((row) => element("tr", {}, cells(row).map((cell) => element("td", {}, cell))));
  return element("table", {}, [element("thead", {}, [element("tr", {}, head)]), element("tbody", {}, body)]);
}

/** The elements of a page. `onExample` is called with an example that a person wants to open. */
export function pageOf(markdown, onExample) {
  const elements = [];
  const lines = markdown.split("\n");
  while (lines.length > 0) {
    const line = lines.shift();
    const heading = line.match(/^(#+) (.*)$/);
    const take = (isPart) => {
      const taken = [line];
      while (lines.length > 0 && isPart(lines[0])) taken.push(lines.shift());
      return taken;
    };
    if (line.startsWith("```")) {
      const [, language, facts] = line.match(/^```(\w*)\s*(.*)$/);
      const code = take((next) => next !== "```").slice(1).join("\n");
      lines.shift();
      elements.push(element("pre", { tabIndex: 0 }, [element("code", {}, [code])]));
      const open = () => onExample(code, facts);
      if (language === "json") elements.push(element("button", { type: "button", onclick: open }, ["Open this example"]));
    } else if (heading !== null) {
      elements.push(element(`h${Math.min(heading[1].length + 1, 6)}`, {}, inline(heading[2])));
    } else if (line.startsWith("- ")) {
      elements.push(element("ul", {}, take((next) => next.startsWith("- ")).map((item) => element("li", {}, inline(item.slice(2))))));
    } else if (line.startsWith("|")) {
      elements.push(table(take((next) => next.startsWith("|"))));
    } else if (line !== "") {
      elements.push(element("p", {}, inline(take((next) => next !== "" && !/^(#|- |\||```)/.test(next)).join(" "))));
    }
  }
  return elements;
}
