// How long a browser takes with an overview of many checks: `node measure.mjs [CHECKS]`. Not a test.
import { Agent } from "./agent.mjs";
import { launch, withPage } from "./browser.mjs";
import { SmtpServer } from "./smtp_server.mjs";
import { eventually } from "./waiting.mjs";

const count = Number(process.argv[2] ?? 1000);
const server = await SmtpServer.start();
const closed = 1; // a port that refuses connections
const targets = Array.from(
  { length: count },
  (_, i) => `
[[target]]
name = "target-${String(i).padStart(5, "0")}"
host = "127.0.0.1"
port = ${i % 20 ? server.port : closed}
tls = "none"
checks = ["greeting"]
`,
);
const agent = await Agent.serve(`[agent]\ninterval = "60s"\ntimeout = "5s"\n${targets.join("")}`);
const browser = await launch();
try {
  await eventually(
    async () => {
      const checks = await (await fetch(`${agent.url}/api/v1/checks`)).json();
      return checks.length === count && checks.every(({ passed }) => passed !== null);
    },
    () => "not every check has run",
    120_000,
  );
  for (let round = 1; round <= 5; ++round) {
    await withPage(browser, { viewport: { width: 1280, height: 900 } }, async (page) => {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
      const cpu = async () => {
        const { metrics } = await devtools.send("Performance.getMetrics");
        return 1000 * metrics.find(({ name }) => name === "TaskDuration").value;
      };
      await page.goto(agent.url, { waitUntil: "load" });
      // Two frames later all of it has been laid out and painted.
      const measured = await page.evaluate(async () => {
        const frame = () => new Promise(requestAnimationFrame);
        await frame();
        await frame();
        const drawn = performance.now();
        const [page] = performance.getEntriesByType("navigation");
        return {
          server: page.responseStart - page.requestStart,
          parsed: page.domContentLoadedEventEnd,
          loaded: page.loadEventEnd,
          drawn,
          kilobytes: page.encodedBodySize / 1024,
          elements: document.querySelectorAll("*").length,
        };
      });
      measured.cpu = await cpu();
      // An update: the longest task while the page mends itself; 0 where none took 50 ms.
      await page.evaluate(() => {
        window.longest = 0;
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
        }).observe({ type: "longtask" });
      });
      const before = await page.locator(".live").innerText();
      await eventually(async () => (await page.locator(".live").innerText()) !== before);
      Object.assign(measured, await page.evaluate(() => ({ updateTask: window.longest })));
      const text = Object.entries(measured).map(([name, value]) => `${name} ${Math.round(value)}`);
      console.log(`${count} checks: ${text.join(", ")} (ms, KiB)`);
    });
  }
} finally {
  await browser.close();
  await agent.close();
  await server.close();
}
