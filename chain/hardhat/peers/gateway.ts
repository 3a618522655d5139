import type { TypedDomain } from "../../../src/eip712.js";
import type { Genesis } from "../genesis/genesis.js";
import { type LocalRequest, RequestRefused } from "../http/loopbackServer.js";
import { HttpTransport } from "../transport/http.js";
import { PeerBook } from "./peerBook.js";
import { PeerRecordInvalid } from "./peerRecord.js";

/** What the gateway is called among its peers. */
export const GATEWAY = "gateway";

/**
 * Opens the transport of the node that all others know from the start: it also gives away the genesis, and keeps the list
 * of where the validators listen.
 *
 * @param domain of the network's votes, in which validators sign where they listen.
 */
export async function openGateway(genesis: Genesis, domain: TypedDomain): Promise<HttpTransport> {
  const book = new PeerBook(domain);
  const transport = await HttpTransport.open(GATEWAY, async ({ method, url, body }: LocalRequest) => {
    if (method === "GET" && url.pathname === "/genesis") return genesis;
    if (method === "GET" && url.pathname === "/peers") return book.records();
    if (method === "POST" && url.pathname === "/peers") return register(body);
    throw new RequestRefused(404, `There is nothing at ${url.pathname}.`);
  });

  function register(json: unknown) {
    try {
      if (book.add(json)) {
        transport.setPeers(book.records().map(({ validator, url }) => ({ name: validator, url })));
      }
      return book.records();
    } catch (error) {
      if (error instanceof PeerRecordInvalid) throw new RequestRefused(400, error.message);
      throw error;
    }
  }

  return transport;
}
