// A page that is left open: what changes by itself, and what must stay as it is.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { Agent } from "./agent.mjs";
import { launch, withPage } from "./browser.mjs";
import { SmtpServer, configuration, secrets } from "./smtp_server.mjs";
import { eventually } from "./waiting.mjs";

const works = "235 2.7.0 Welcome";
const refuses = "535 5.7.8 Error: authentication failed";

let agent;
let browser;
let mail; // changes its mind in a test
let broken; // refuses from the start
let rare; // is asked once an hour, or when a test asks for it

const isNow = (id, passed) => async () => (await agent.check(id))?.passed === passed;

before(async () => {
  [mail, broken, rare, browser] = await Promise.all([
    SmtpServer.start(),
    SmtpServer.start({ auth: refuses }),
    SmtpServer.start(),
    launch(),
  ]);
  agent = await Agent.serve(
    configuration({
      mail: { server: mail },
      broken: { server: broken },
      rare: { server: rare, interval: "1h" },
    }),
    { secrets },
  );
});

beforeEach(async () => {
  mail.auth = works;
  rare.auth = works;
  rare.hold = null;
  await eventually(isNow("mail/login", true));
  await eventually(isNow("broken/login", false));
  await eventually(async () => (await agent.check("rare/login"))?.passed !== null);
});

after(async () => {
  await browser?.close();
  await agent?.close();
  await Promise.all([mail, broken, rare].map((server) => server?.close()));
});

// A mark that a reload would wipe out.
const mark = (page) => page.evaluate(() => (window.sameDocument = true));
const assertSameDocument = async (page) =>
  assert.equal(await page.evaluate(() => window.sameDocument), true, "the page was reloaded");

test("a regression appears by itself, is told, and goes by itself", async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(agent.url);
    await page.locator("#others tr", { hasText: "mail / login" }).getByText("passing").waitFor();
    await mark(page);
    mail.auth = refuses;
    const first = page.locator(".broken > li").first();
    await first.getByText("mail / login").waitFor();
    await first.getByText("worked before").waitFor();
    await first.getByText("Wrong user name or password").waitFor();
    assert.match(await page.title(), /^2 failing/);
    assert.equal(
      await page.getByRole("status").innerText(),
      "mail / login: failing, got 535 5.7.8, expected 235 at auth",
    );
    mail.auth = works;
    await page.locator("#others tr", { hasText: "mail / login" }).getByText("passing").waitFor();
    await page.getByRole("status").getByText("mail / login: passing").waitFor();
    await assertSameDocument(page);
  });
});

test("focus, scrolling, open details and typed text stay", async () => {
  await withPage(browser, { viewport: { width: 800, height: 500 } }, async (page) => {
    await page.goto(`${agent.url}/checks/broken/login`);
    await mark(page);
    const runs = page.locator("#recent details");
    await runs.locator("summary").click();
    const kept = page.locator("#failures details").first();
    const key = await kept.getAttribute("data-key");
    await kept.locator("summary").click();
    const link = page.locator("#verdict a").first();
    await link.focus();
    await page.evaluate(() => scrollTo(0, 300));
    const before = await page.locator("#about time").first().getAttribute("datetime");
    await page.locator(`#about time:not([datetime="${before}"])`).first().waitFor();
    assert.equal(await runs.evaluate((details) => details.open), true);
    assert.equal(await page.locator(`details[data-key="${key}"][open]`).count(), 1);
    assert.equal(await link.evaluate((one) => one === document.activeElement), true);
    assert.notEqual(await page.evaluate(() => scrollY), 0);
    await assertSameDocument(page);

    await page.goto(agent.url);
    await page.getByLabel("Filter").fill("half a wo");
    const row = page.locator("#others tr", { hasText: "mail / login" });
    await row.waitFor();
    mail.auth = refuses;
    await page.locator(".broken > li", { hasText: "mail / login" }).waitFor();
    assert.equal(await page.getByLabel("Filter").inputValue(), "half a wo");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  });
});

test("the focus follows a check that goes from one list to the other", async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(agent.url);
    await page.getByRole("link", { name: "mail / login" }).focus();
    mail.auth = refuses;
    const link = page.locator(".broken").getByRole("link", { name: "mail / login" });
    await link.waitFor();
    assert.equal(await link.evaluate((one) => one === document.activeElement), true);
  });
});

for (const javaScriptEnabled of [true, false]) {
  test(`"Run now" works ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
    await withPage(browser, { javaScriptEnabled }, async (page) => {
      await page.goto(`${agent.url}/checks/rare/login`);
      rare.auth = refuses;
      let letGo;
      rare.hold = new Promise((resolve) => (letGo = resolve));
      if (javaScriptEnabled) await mark(page);
      await page.getByRole("button", { name: "Run now" }).click();
      await page.locator("#waiting").waitFor();
      assert.match(page.url(), /\?asked=\d+$/);
      letGo();
      await page.locator("h1").getByText("failing").waitFor();
      await page.locator("#waiting").waitFor({ state: "detached" });
      await page.locator("#dialogue").getByText(refuses).waitFor();
      if (!javaScriptEnabled) return;
      await page.getByRole("status").getByText("rare / login: failing").waitFor();
      assert.ok(page.url().endsWith("/checks/rare/login"), page.url());
      await assertSameDocument(page);
    });
    rare.auth = works;
    rare.hold = null;
    await fetch(`${agent.url}/checks/rare/login/run`, { method: "POST" });
    await eventually(isNow("rare/login", true));
  });
}

test("without JavaScript the overview reloads, with it it does not", async () => {
  await withPage(browser, { javaScriptEnabled: false }, async (page) => {
    await page.goto(agent.url);
    assert.equal(await page.locator('meta[http-equiv="refresh"]').count(), 1);
    assert.ok(await page.locator("main noscript").isVisible());
    assert.equal(await page.getByText("keeps itself up to date").isVisible(), false);
  });
  await withPage(browser, {}, async (page) => {
    await page.goto(agent.url);
    assert.equal(await page.locator('meta[http-equiv="refresh"]').count(), 0);
    await page.getByText("keeps itself up to date").waitFor();
    await page.getByRole("link", { name: "Stop" }).click();
    await page.getByText("The page stays as it is.").waitFor();
    assert.equal(await page.locator("script").count(), 0);
  });
});

test("from the overview to a check and a run of it with the keyboard alone", async () => {
  await withPage(browser, {}, async (page) => {
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim());
    // Tab until that has the focus; each stop must be seen.
    const tabTo = async (name) => {
      for (let stops = 0; stops < 40; ++stops) {
        await page.keyboard.press("Tab");
        const seen = await page.evaluate(() => {
          const { outlineStyle } = getComputedStyle(document.activeElement);
          return outlineStyle !== "none";
        });
        assert.ok(seen, `the focus on "${await focused()}" cannot be seen`);
        if ((await focused()) === name) return stops + 1;
      }
      return assert.fail(`${name} is not reached by Tab`);
    };
    await page.goto(agent.url);
    assert.equal(await tabTo("Skip to the content"), 1);
    await page.keyboard.press("Enter");
    await tabTo("rare / login");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/checks/rare/login");
    await tabTo("Run now");
    const sessions = rare.sessions;
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("rare / login: passing").waitFor();
    assert.equal(rare.sessions, sessions + 1);
    assert.equal(await focused(), "Run now");
  });
});

test("a hidden page asks for nothing, and is up to date when it is seen again", async () => {
  await withPage(browser, {}, async (page) => {
    await page.clock.install();
    await page.goto(agent.url);
    let asked = 0;
    page.on("request", (request) => (asked += request.resourceType() === "fetch"));
    const setHidden = (hidden) =>
      page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await setHidden(true);
    await page.clock.runFor(600_000);
    assert.equal(asked, 0);
    await setHidden(false);
    await eventually(() => asked === 1);
  });
});

test("a page says that the agent is away, and goes on when it is back", async () => {
  const another = await Agent.serve(configuration({ mail: { server: mail } }), { secrets });
  let again;
  const away = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/;
  try {
    await withPage(browser, { expected: away }, async (page) => {
      await page.goto(another.url);
      await mark(page);
      await page.getByText("Live, ").waitFor();
      await another.stop();
      await page.locator(".live").getByText("The agent does not answer.").waitFor();
      await page.getByRole("status").getByText("The agent does not answer.").waitFor();
      assert.ok(await page.getByText("mail / login").isVisible(), "what is known stays on view");
      again = await Agent.serve(configuration({ mail: { server: mail } }), { secrets, ...another });
      await page.getByText("Live, ").waitFor();
      await page.getByRole("status").getByText("The agent answers again").waitFor();
      await assertSameDocument(page);
    });
  } finally {
    await again?.stop();
    await another.close();
  }
});

test("the longer the agent is away the less often a page asks, but never gives up", async () => {
  await withPage(browser, { expected: /ERR_FAILED/ }, async (page) => {
    await page.clock.install({ time: 0 });
    await page.goto(agent.url);
    await page.clock.pauseAt(1000);
    let asked = 0;
    await page.route("**/", (route) => {
      asked += 1;
      route.abort();
    });
    const status = page.locator(".live");
    await page.clock.runFor(5000);
    for (const [i, pause] of [10, 20, 40, 60, 60].entries()) {
      await status.getByText("The agent does not answer.").waitFor();
      await eventually(() => asked === i + 1);
      await page.evaluate(() => (document.querySelector(".live").textContent = ""));
      await page.clock.runFor((pause - 1) * 1000);
      assert.equal(asked, i + 1, `asked again in less than ${pause} s`);
      await page.clock.runFor(1000);
    }
  });
});
