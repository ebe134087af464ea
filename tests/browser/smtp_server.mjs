// A mail server in clear on loopback, whose words a test changes while it runs.
import net from "node:net";

export class SmtpServer {
  banner = "220 mail.example.test ESMTP";
  auth = "235 2.7.0 Welcome";
  // While a promise stands here, AUTH waits for it.
  hold = null;
  sessions = 0;
  #server;
  #sockets = new Set();

  static async start(words = {}) {
    const server = Object.assign(new SmtpServer(), words);
    server.#server = net.createServer((socket) => server.#serve(socket));
    await new Promise((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    server.port = server.#server.address().port;
    return server;
  }

  #serve(socket) {
    this.sessions += 1;
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
    socket.write(`${this.banner}\r\n`);
    let rest = "";
    socket.on("data", async (data) => {
      const lines = (rest + data).split("\r\n");
      rest = lines.pop();
      for (const line of lines) await this.#answer(socket, line);
    });
  }

  async #answer(socket, line) {
    const verb = line.split(" ", 1)[0].toUpperCase();
    if (verb === "EHLO") {
      socket.write("250-mail.example.test\r\n250 AUTH PLAIN\r\n");
    } else if (verb === "AUTH") {
      await this.hold;
      socket.write(`${this.auth}\r\n`);
    } else if (verb === "QUIT") {
      socket.end("221 2.0.0 Bye\r\n");
    } else {
      socket.write("502 5.5.1 Unknown command\r\n");
    }
  }

  async close() {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

// A configuration with a login check for each {name: {server, interval}}.
export function configuration(targets) {
  const head = `[agent]
timeout = "1s"
interval = "1s"
helo = "monitor.example.test"

[credentials.probe]
username = "probe@example.test"
password_file = "probe.secret"
mechanism = "PLAIN"
hosts = ["127.0.0.1"]
`;
  const tables = Object.entries(targets).map(
    ([name, { server, interval = "1s" }]) => `
[[target]]
name = "${name}"
host = "127.0.0.1"
port = ${server.port}
tls = "none"
allow_cleartext_login = true
credentials = "probe"
interval = "${interval}"
checks = ["login"]
`,
  );
  return head + tables.join("");
}

export const secrets = { "probe.secret": "pear-tree\n" };
