// What anybody sees first: the demo, in a browser.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Agent } from "./agent.mjs";
import { launch, withPage } from "./browser.mjs";
import { eventually } from "./waiting.mjs";

let agent;
let browser;

before(async () => {
  [agent, browser] = await Promise.all([Agent.demo(), launch()]);
  await eventually(async () => {
    const checks = await (await fetch(`${agent.url}/api/v1/checks`)).json();
    return checks.length > 20 && checks.every(({ passed }) => passed !== null);
  });
});

after(async () => {
  await browser?.close();
  await agent?.close();
});

test("the overview shows every check of the demo, failing ones first and in words", async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(agent.url);
    const checks = await (await fetch(`${agent.url}/api/v1/checks`)).json();
    const shown = await page.locator("[data-key] :is(h3, th) > a").allInnerTexts();
    const names = checks.map(({ target, check }) => `${target} / ${check}`);
    assert.deepEqual([...shown].sort(), names.sort());
    const relay = page.locator(".broken > li", { hasText: "open-relay / relay_refused" });
    await relay.getByText("Accepted what must be refused").waitFor();
    await relay.getByText("First:").waitFor();
    assert.match(await page.title(), /^\d+ failing - /);
    const failing = (await page.locator(".broken > li").count()) > 5;
    assert.ok(failing, "most servers of the demo have something wrong with them");
  });
});

test("a failing check explains itself and leads to the knowledge base", async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(`${agent.url}/checks/smtp-auth-disabled/login`);
    const verdict = page.locator("#verdict");
    await verdict.getByText("What to do first").waitFor();
    assert.equal(await page.locator("#dialogue .bar").count(), await page.locator("#dialogue li").count());
    await verdict.getByRole("link", { name: "Expected 235, got 535" }).click();
    await page.waitForURL("**/codes/235-vs-535");
    await page.goBack();
    await verdict.getByRole("link", { name: "Password login switched off" }).click();
    await page.waitForURL("**/reasons/auth_method_disabled");
  });
});

test("a bar stands where its step was, as long as it took", async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(`${agent.url}/checks/hangs/greeting`);
    const [start, length] = await page
      .locator("#dialogue .decided .step")
      .evaluate((bar) => ["x", "width"].map((name) => Number(bar.getAttribute(name))));
    // Nearly all of the run was waiting for the banner.
    assert.ok(start < 100 && length > 900, `from ${start} on, ${length} long`);
    const whole = await page.locator("#dialogue .decided .whole").boundingBox();
    const drawn = await page.locator("#dialogue .decided .step").boundingBox();
    assert.ok(drawn.width > whole.width * 0.9, "the stylesheet may not stretch it otherwise");
  });
});

test("the knowledge pages are there in three languages", async () => {
  for (const lang of ["en", "fr", "tr"]) {
    for (const path of ["/codes", "/codes/235-vs-535", "/reasons"]) {
      await withPage(browser, {}, async (page) => {
        await page.goto(`${agent.url}${path}?lang=${lang}`);
        assert.equal(await page.locator("html").getAttribute("lang"), lang);
        assert.equal(await page.locator("h1").count(), 1);
        assert.ok((await page.locator("main").innerText()).length > 500);
        assert.equal(await page.locator(".languages [aria-current]").getAttribute("hreflang"), lang);
      });
    }
  }
  await withPage(browser, { locale: "tr-TR" }, async (page) => {
    await page.goto(`${agent.url}/codes/235-vs-535`);
    assert.equal(await page.locator("html").getAttribute("lang"), "tr", "as the browser prefers");
  });
});

const everyPage = [
  "/",
  "/?q=nosuch",
  "/checks/certificate-expired/tls",
  "/checks/healthy-submission/login",
  "/codes",
  "/codes/535",
  "/codes/235-vs-535",
  "/reasons",
  "/reasons/auth_method_disabled",
  "/config",
];

for (const [scheme, width] of [
  ["light", 320],
  ["dark", 1280],
]) {
  test(`no page scrolls sideways, ${width} pixels wide`, async () => {
    const viewport = { width, height: 640 };
    await withPage(browser, { viewport, colorScheme: scheme }, async (page) => {
      for (const path of everyPage) {
        await page.goto(agent.url + path);
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${path} is ${over} pixels too wide`);
      }
    });
  });
}

test("pages have what a screen reader goes by", async () => {
  await withPage(browser, {}, async (page) => {
    for (const path of everyPage) {
      await page.goto(agent.url + path);
      const wrong = await page.evaluate(() => {
        const all = (selector) => [...document.querySelectorAll(selector)];
        const levels = all("h1, h2, h3, h4").map((heading) => Number(heading.tagName[1]));
        const ids = all("[id]").map(({ id }) => id);
        const named = (input) => input.labels?.length || input.getAttribute("aria-label");
        return {
          headings: all("h1").length !== 1 || levels.some((level, i) => level > levels[i - 1] + 1),
          landmarks: ["header", "nav", "main", "footer"].filter((name) => !all(name).length),
          tables: all("table").filter((table) => !table.querySelector("th[scope]")).length,
          inputs: all("input:not([type=hidden]), select").filter((input) => !named(input)).length,
          labels: all("[aria-labelledby]").filter(
            (one) => !document.getElementById(one.getAttribute("aria-labelledby")),
          ).length,
          twice: ids.filter((id, i) => ids.indexOf(id) !== i),
          nameless: all("a, button").filter((one) => !one.textContent.trim()).length,
          // Nothing is told by colour only.
          states: all(".state, .strip li").filter((one) => !/[a-z]/.test(one.textContent)).length,
        };
      });
      const none = { headings: false, landmarks: [], tables: 0, inputs: 0, labels: 0, twice: [], nameless: 0, states: 0 };
      assert.deepEqual(wrong, none, path);
    }
  });
});

for (const colorScheme of ["light", "dark"]) {
  test(`text stands out from what is behind it, ${colorScheme}`, async () => {
    await withPage(browser, { colorScheme }, async (page) => {
      for (const path of ["/", "/checks/certificate-expired/tls", "/codes/235-vs-535"]) {
        await page.goto(agent.url + path);
        assert.deepEqual(await page.evaluate(faintTexts), [], path);
      }
    });
  });
}

// Runs in the page: texts with a contrast below 4.5 to 1 (WCAG 2.1, 1.4.3).
function faintTexts() {
  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) =>
    [r, g, b].reduce((sum, c, i) => sum + linear(c / 255) * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = parts(getComputedStyle(one).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const element of document.querySelectorAll("body *:not(.hidden, .skip)")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility()) continue;
    const [one, two] = [light(parts(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (contrast < 4.5) faint.add(`${element.className || element.tagName}: ${contrast.toFixed(2)}`);
  }
  return [...faint];
}
