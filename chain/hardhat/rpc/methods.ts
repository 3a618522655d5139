import { getAddress, isHexString, keccak256, toQuantity } from "ethers";
import { CHAIN_ID } from "../replica/edr.js";
import type { ChainAccess } from "./chainAccess.js";
import { DevelopmentSigner } from "./developmentSigner.js";
import { RequestUnanswerable } from "./errors.js";
import { waitingTransaction } from "./waitingTransaction.js";

type Params = readonly unknown[];
type Method = (params: Params) => unknown;

/** Methods that only read, and that the EVM answers as they are. `hardhat_`, `evm_` and all others are closed. */
const readMethods = [
  "debug_traceCall",
  "debug_traceTransaction",
  "eth_blockNumber",
  "eth_call",
  "eth_chainId",
  "eth_estimateGas",
  "eth_feeHistory",
  "eth_getBalance",
  "eth_getBlockByHash",
  "eth_getBlockByNumber",
  "eth_getBlockTransactionCountByHash",
  "eth_getBlockTransactionCountByNumber",
  "eth_getCode",
  "eth_getFilterChanges",
  "eth_getFilterLogs",
  "eth_getLogs",
  "eth_getStorageAt",
  "eth_getTransactionByBlockHashAndIndex",
  "eth_getTransactionByBlockNumberAndIndex",
  "eth_getTransactionReceipt",
  "eth_newBlockFilter",
  "eth_newFilter",
  "eth_uninstallFilter",
] as const;

/** The answer to every JSON-RPC method that this network has. */
export class RpcMethods {
  readonly #chain: ChainAccess;
  readonly #signer: DevelopmentSigner;
  readonly #methods: ReadonlyMap<string, Method>;

  constructor(chain: ChainAccess) {
    this.#chain = chain;
    this.#signer = new DevelopmentSigner(chain);
    this.#methods = new Map<string, Method>([
      ...readMethods.map((name): [string, Method] => [name, (params) => chain.request(name, params)]),
      ...Object.entries(this.#ownMethods()),
    ]);
  }

  /** The names of all methods. */
  get names(): string[] {
    return [...this.#methods.keys()].sort();
  }

  /** @throws {RequestUnanswerable}, {@link TransactionRejected}, and what the EVM throws; `rpcErrorOf` says it in JSON-RPC. */
  async answer(method: string, params: Params): Promise<unknown> {
    const answer = this.#methods.get(method);
    if (answer === undefined) throw RequestUnanswerable.noMethod(method);
    return answer(params);
  }

  #ownMethods(): Readonly<Record<string, Method>> {
    const signer = this.#signer;
    const { network } = this.#chain;
    return {
      eth_accounts: () => signer.accounts,
      eth_requestAccounts: () => signer.accounts,
      // The base fee is zero, and nobody needs to be bribed: gas is free.
      eth_gasPrice: () => "0x0",
      eth_maxPriorityFeePerGas: () => "0x0",
      eth_syncing: () => false,
      eth_getTransactionByHash: ([hash]) => this.#transactionByHash(hash),
      eth_getTransactionCount: ([address, block]) => this.#transactionCount(address, block),
      eth_sendRawTransaction: ([raw]) => this.#whenAnswerable(this.#chain.submit(raw)),
      eth_sendTransaction: ([request]) => this.#whenAnswerable(signer.send(request)),
      eth_sign: ([address, message]) => signer.signMessage(address, message),
      eth_signTypedData_v4: ([address, typedData]) => signer.signTypedData(address, typedData),
      personal_sign: ([message, address]) => signer.signMessage(address, message),
      net_listening: () => true,
      net_version: () => String(CHAIN_ID),
      web3_clientVersion: () => "healthchain/hardhat",
      web3_sha3: ([data]) => sha3(data),
      ...(network !== undefined && { healthchain_network: () => network }),
    };
  }

  async #whenAnswerable(submitted: Promise<string>): Promise<string> {
    const hash = await submitted;
    await this.#chain.answerable();
    return hash;
  }

  async #transactionByHash(hash: unknown): Promise<unknown> {
    const mined = await this.#chain.request("eth_getTransactionByHash", [hash]);
    if (mined !== null) return mined;
    const waiting = this.#chain.waiting(String(hash).toLowerCase());
    return waiting === undefined ? null : waitingTransaction(waiting);
  }

  async #transactionCount(address: unknown, block: unknown = "latest"): Promise<unknown> {
    if (block !== "pending") return this.#chain.request("eth_getTransactionCount", [address, block]);
    if (!isHexString(address, 20)) throw RequestUnanswerable.badParams("give an address");
    return toQuantity(await this.#chain.nextNonce(getAddress(address.toLowerCase())));
  }
}

function sha3(data: unknown): string {
  if (!isHexString(data, true)) throw RequestUnanswerable.badParams("give bytes in hex");
  return keccak256(data);
}
