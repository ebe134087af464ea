// Servers that speak HTML: what they say is shown, and nothing of it is done.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Agent } from "./agent.mjs";
import { launch, withPage } from "./browser.mjs";
import { SmtpServer, configuration, secrets } from "./smtp_server.mjs";
import { eventually } from "./waiting.mjs";

const banner =
  "220 </pre></li></ol><script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'>" +
  "<style>body { display: none }</style><base href=//192.0.2.1/>";
const auth =
  "535 5.7.8 \"'><svg onload=window.harmed=1><a id=main href=javascript:window.harmed=1>click</a>" +
  "<script src=/metrics></script>{{root}}";

let agent;
let browser;
let server;

before(async () => {
  [server, browser] = await Promise.all([SmtpServer.start({ banner, auth }), launch()]);
  agent = await Agent.serve(configuration({ hostile: { server } }), { secrets });
  await eventually(async () => (await agent.check("hostile/login"))?.passed === false);
});

after(async () => {
  await browser?.close();
  await agent?.close();
  await server?.close();
});

const assertUnharmed = async (page) => {
  assert.equal(await page.evaluate(() => window.harmed), undefined);
  assert.equal(await page.locator("main :is(script, img, style, base)").count(), 0);
  assert.equal(await page.locator("main").isVisible(), true);
};

test("a banner of HTML and scripts is text, also where the page renews itself", async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(`${agent.url}/checks/hostile/login`);
    const said = page.locator("#dialogue");
    await said.getByText("<script>window.harmed = 1</script>").waitFor();
    await said.getByText("<svg onload=window.harmed=1>").waitFor();
    await assertUnharmed(page);
    server.auth = auth.replace("5.7.8", "5.7.9");
    await said.getByText("535 5.7.9").waitFor();
    await assertUnharmed(page);
    await page.goto(agent.url);
    await page.getByText("hostile / login").waitFor();
    await assertUnharmed(page);
  });
});

test("a filter of HTML is text", async () => {
  await withPage(browser, {}, async (page) => {
    await page.goto(`${agent.url}/?q=${encodeURIComponent('"><script>window.harmed=1</script>')}`);
    await page.getByText("No check matches").waitFor();
    await assertUnharmed(page);
  });
});

test("a script that got into a page after all would not run", async () => {
  const expected = /Content Security Policy/;
  await withPage(browser, { expected }, async (page) => {
    await page.goto(agent.url);
    const blocked = await page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "window.harmed = 1";
          document.querySelector("main").append(script);
        }),
    );
    assert.equal(blocked, "script-src-elem");
    assert.equal(await page.evaluate(() => window.harmed), undefined);
  });
});
