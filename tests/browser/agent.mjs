// The real program, started for a test and ended with it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "./waiting.mjs";

const built = fileURLToPath(new URL("../../build/smtp_reply_exporter", import.meta.url));
const binary = process.env.SRE_BINARY || built;

// A loopback port that nobody listens on.
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export class Agent {
  #process;

  // `arguments_`: the command and its flags, without the address to listen on.
  static async start(arguments_, { port, folder } = {}) {
    if (!existsSync(binary)) {
      throw new Error(`${binary} does not exist: build it (./dev build), or set SRE_BINARY`);
    }
    const agent = new Agent();
    agent.port = port ?? (await freePort());
    agent.url = `http://127.0.0.1:${agent.port}`;
    agent.folder = folder ?? (await mkdtemp(join(tmpdir(), "browser-test-")));
    agent.#process = spawn(binary, [...arguments_, `--web.listen-address=127.0.0.1:${agent.port}`], {
      env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", TMPDIR: agent.folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    agent.log = "";
    for (const stream of [agent.#process.stdout, agent.#process.stderr]) {
      stream.on("data", (data) => (agent.log += data));
    }
    let failed = null;
    agent.#process.once("error", (error) => (failed = error));
    await eventually(
      async () => {
        if (failed) throw failed;
        return (await fetch(`${agent.url}/-/ready`)).ok;
      },
      () => `the agent is not ready: ${failed ?? agent.log}`,
    );
    return agent;
  }

  // The demo with its own servers.
  static demo() {
    return Agent.start(["demo"]);
  }

  // The daemon with this configuration, whose secrets are files: {name: text}. `webConfig` guards its
  // pages; /-/ready must stay open.
  static async serve(configuration, { secrets = {}, webConfig = "", ...where } = {}) {
    const folder = where.folder ?? (await mkdtemp(join(tmpdir(), "browser-test-")));
    const path = join(folder, "config.toml");
    await writeFile(path, configuration);
    for (const [name, text] of Object.entries(secrets)) {
      await writeFile(join(folder, name), text, { mode: 0o600 });
    }
    const web = join(folder, "web.yml");
    await writeFile(web, webConfig);
    const files = [`--config.file=${path}`, `--web.config.file=${web}`];
    return Agent.start(["serve", ...files], { ...where, folder });
  }

  async stop() {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGTERM");
      await ended;
    }
  }

  async close() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async check(id) {
    const checks = await (await fetch(`${this.url}/api/v1/checks`)).json();
    return checks.find(({ target, check }) => `${target}/${check}` === id);
  }
}
