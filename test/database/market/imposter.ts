import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A dishonest address between buyer and service, which changes what passes. */
export class Imposter {
  readonly #server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "GET", url = "", headers } = request;
    const sent = new Headers();
    for (const name of ["authorization", "content-type", "prefer"]) {
      const value = headers[name];
      if (typeof value === "string") sent.set(name, value);
    }
    const init = { method, headers: sent, ...(method === "POST" ? { body: Buffer.concat(chunks) } : {}) };
    const answer = await fetch(`${this.service}${url}`, init);
    const location = answer.headers.get("content-location");
    response.writeHead(answer.status, location === null ? {} : { "content-location": location });
    response.end(this.change(await answer.text(), url));
  });
  service = "";
  url = "";
  change: (body: string, path: string) => string = (body) => body;

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this.url;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
