// A headless Chromium, and pages that remember everything that went wrong in them.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  });
}

// Opens a page, hands it to `use`, and then asserts that nothing went wrong: no error and no
// violation of the Content-Security-Policy on the console, no uncaught exception, no dialog, no
// request to anybody but the agent. `expected` (RegExp) names complaints that belong to the test.
export async function withPage(browser, options, use) {
  const { expected, ...contextOptions } = options;
  const context = await browser.newContext(contextOptions);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const { hostname } = new URL(request.url());
    if (hostname !== "127.0.0.1") complaints.push(`request to ${request.url()}`);
  });
  try {
    await use(page);
    assert.deepEqual(
      complaints.filter((text) => !expected?.test(text)),
      [],
    );
  } finally {
    await context.close();
  }
}
