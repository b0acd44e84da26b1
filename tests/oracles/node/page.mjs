// Opens pages of ours in Chromium and tells what a person would have of them.
// Called with the browser's path; each line on stdin is {"html": path, "width": px, "scheme": "light"
// or "dark", "media": "screen" or "print", "click": selectors, "shot": path or null, "at": selector or
// null, "audit": whether contrast, axe and tree are looked at}, each line on stdout what was measured.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

// The least contrast (WCAG 2.2, 1.4.3) of any text that is shown, and that text.
function leastContrast() {
  const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [r, g, b] = channels(colour)
      .slice(0, 3)
      .map((each) => each / 255)
      .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      const alpha = channels(colour)[3];
      if (alpha === undefined || alpha === 1) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  let least = { ratio: 21, text: "" };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const pair = [luminance(style.color), luminance(behind(element))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < least.ratio) least = { ratio, text: text.slice(0, 60), colour: style.color };
  }
  return least;
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox"], // root in a container has no other way
});

async function measured({ html, width, scheme, media, click, shot, at, audit }) {
  const context = await browser.newContext({
    bypassCSP: true, // for axe alone, which is put in; the page itself has no script
    colorScheme: scheme,
    viewport: { width, height: 900 },
  });
  const page = await context.newPage();
  const requests = [];
  const complaints = [];
  page.on("request", (each) => requests.push(each.url()));
  page.on("console", (each) => complaints.push(each.text()));
  page.on("pageerror", (each) => complaints.push(String(each)));
  const begun = Date.now();
  await page.goto(pathToFileURL(html).href);
  const milliseconds = Date.now() - begun;
  await page.emulateMedia({ media, colorScheme: scheme });
  for (const each of click ?? []) await page.click(each);
  if (at) await page.locator(at).first().scrollIntoViewIfNeeded();
  if (shot) await page.screenshot({ path: shot });
  const contrast = audit ? await page.evaluate(leastContrast) : {};
  const facts = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: [...document.querySelectorAll("h1, h2, h3, h4")].map((each) => each.tagName),
    shown: [...document.querySelectorAll("article.file")].filter((each) => each.checkVisibility())
      .length,
    listed: [...document.querySelectorAll("tr.file")].filter((each) => each.checkVisibility())
      .length,
    opened: [...document.querySelectorAll("details")].filter(
      (each) => each.lastElementChild.checkVisibility({ contentVisibilityAuto: true }),
    ).length,
    folded: document.querySelectorAll("details").length,
    lang: document.documentElement.lang,
    background: getComputedStyle(document.documentElement).backgroundColor,
  }));
  let found = { violations: [], incomplete: [] };
  if (audit) {
    await page.evaluate(axe);
    found = await page.evaluate(() =>
      window.axe.run(document, { resultTypes: ["violations", "incomplete"] }),
    );
  }
  const told = (several) =>
    several.map((each) => ({
      id: each.id,
      impact: each.impact,
      nodes: each.nodes.slice(0, 5).map((node) => node.html.slice(0, 200)),
    }));
  const session = await context.newCDPSession(page);
  const { nodes } = audit ? await session.send("Accessibility.getFullAXTree") : { nodes: [] };
  const tree = nodes
    .filter((each) => !each.ignored && ["table", "heading", "image", "main"].includes(each.role?.value))
    .map((each) => ({
      role: each.role.value,
      name: each.name?.value ?? "",
      level: each.properties?.find((one) => one.name === "level")?.value.value ?? null,
    }));
  await context.close();
  return {
    ...facts,
    contrast,
    milliseconds,
    requests: requests.filter((each) => !each.startsWith("data:")),
    complaints,
    violations: told(found.violations),
    undecided: told(found.incomplete),
    tree,
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await measured(JSON.parse(line)).catch((error) => ({ error: String(error) }));
  console.log(JSON.stringify(answer));
}
await browser.close();
