// Pages behind a login, however the browser came by the password.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Agent } from "./agent.mjs";
import { launch, withPage } from "./browser.mjs";
import { SmtpServer, configuration, secrets } from "./smtp_server.mjs";

const login = { username: "alice", password: "correct horse" };
// What `htpasswd -nbBC 10` makes of the password.
const webConfig = `basic_auth_users:
  alice: $2y$10$75qjN68JVjGf3QPTtRXy/OTIRliyRCjfuAQAiPN5eQt0MUdIYoicy
auth_excluded_paths: [/-/ready]
`;

let agent;
let browser;
let mail;

before(async () => {
  [mail, browser] = await Promise.all([SmtpServer.start(), launch()]);
  agent = await Agent.serve(configuration({ mail: { server: mail } }), { secrets, webConfig });
});

after(async () => {
  await browser?.close();
  await agent?.close();
  await mail?.close();
});

// Stylesheet and script came through the login too, and what the script asks for does.
async function assertLive(page) {
  await page.getByText(/^Live, /).waitFor();
  const refreshed = page.waitForResponse((response) => response.request().resourceType() === "fetch");
  assert.equal((await refreshed).status(), 200);
  await page.getByText(/^Live, /).waitFor();
}

test("a page behind the login keeps itself up to date", async () => {
  await withPage(browser, { httpCredentials: login }, async (page) => {
    await page.goto(agent.url);
    await assertLive(page);
  });
});

test("so does one whose address had the password in it", async () => {
  await withPage(browser, {}, async (page) => {
    const address = new URL("/checks/mail/login", agent.url);
    Object.assign(address, login);
    await page.goto(address.href);
    await assertLive(page);
    await page.getByRole("button", { name: "Run now" }).click();
    await page.getByText(/^Live, /).waitFor();
  });
});
