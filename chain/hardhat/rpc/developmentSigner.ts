import type { HDNodeWallet } from "ethers";
import { getAddress, getBytes, isHexString, type TransactionRequest, type TypedDataField, type Wallet } from "ethers";
import { developmentWallets } from "../developmentAccounts.js";
import { NonceTooLow } from "../mempool/rejection.js";
import { CHAIN_ID } from "../replica/edr.js";
import type { ChainAccess } from "./chainAccess.js";
import { RequestUnanswerable } from "./errors.js";

/** How often a transaction is signed anew because blocks overtake its nonce. */
const TRIES = 5;

type Fields = Readonly<Record<string, unknown>>;

/** Signs with the development accounts, whose keys everybody knows, what a wallet would sign. */
export class DevelopmentSigner {
  readonly #chain: ChainAccess;
  readonly #wallets: ReadonlyMap<string, Wallet | HDNodeWallet>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(chain: ChainAccess) {
    this.#chain = chain;
    this.#wallets = new Map(developmentWallets().map((wallet) => [wallet.address, wallet]));
  }

  /** The accounts, in lower case as nodes say them. */
  get accounts(): string[] {
    return [...this.#wallets.keys()].map((address) => address.toLowerCase());
  }

  /** Fills in what a transaction lacks, signs it, and submits it. One after the other, so that each gets its own nonce. */
  send(request: unknown): Promise<string> {
    const sent = this.#turn.then(() => this.#send(fieldsOf(request)));
    this.#turn = sent.catch(() => undefined);
    return sent;
  }

  /** Signs a message (EIP-191). */
  signMessage(address: unknown, message: unknown): Promise<string> {
    const bytes = isHexString(message, true) ? getBytes(message) : String(message);
    return this.#walletOf(address).signMessage(bytes);
  }

  /** Signs typed data (EIP-712), as an object or as its JSON. */
  signTypedData(address: unknown, typedData: unknown): Promise<string> {
    const { domain, types, message } = fieldsOf(typeof typedData === "string" ? JSON.parse(typedData) : typedData);
    const { EIP712Domain: _, ...own } = fieldsOf(types) as Record<string, TypedDataField[]>;
    return this.#walletOf(address).signTypedData(fieldsOf(domain), own, { ...fieldsOf(message) });
  }

  async #send(fields: Fields): Promise<string> {
    const wallet = this.#walletOf(fields.from);
    const call = { ...fields, from: wallet.address };
    const gasLimit = fields.gas ?? fields.gasLimit ?? (await this.#chain.request("eth_estimateGas", [call]));
    for (let tries = 1; ; tries++) {
      const nonce = fields.nonce ?? (await this.#chain.nextNonce(wallet.address));
      const signed = await wallet.signTransaction(requestOf(fields, Number(nonce), String(gasLimit)));
      try {
        return await this.#chain.submit(signed);
      } catch (error) {
        // A block that is attached in between takes up nonces.
        const isOvertaken = error instanceof NonceTooLow && fields.nonce === undefined;
        if (!isOvertaken || tries === TRIES) throw error;
      }
    }
  }

  #walletOf(address: unknown): Wallet | HDNodeWallet {
    const wallet = isHexString(address, 20) ? this.#wallets.get(getAddress(address.toLowerCase())) : undefined;
    if (wallet !== undefined) return wallet;
    throw RequestUnanswerable.badParams(`${String(address)} is not a development account, sign with its own wallet`);
  }
}

/** Gas is free unless the sender offers something. What the fields hold, ethers checks. */
function requestOf(fields: Fields, nonce: number, gasLimit: string): TransactionRequest {
  const { to = null, value = 0n, data, input, gasPrice, accessList } = fields;
  const { maxFeePerGas = 0n, maxPriorityFeePerGas = 0n } = fields;
  const isLegacy = gasPrice !== undefined && gasPrice !== null;
  const price = isLegacy ? { type: accessList ? 1 : 0, gasPrice } : { type: 2, maxFeePerGas, maxPriorityFeePerGas };
  const request: Fields = { chainId: CHAIN_ID, nonce, gasLimit, to, value, data: data ?? input ?? "0x", ...price };
  return (accessList ? { ...request, accessList } : request) as TransactionRequest;
}

function fieldsOf(value: unknown): Fields {
  if (typeof value === "object" && value !== null) return value as Fields;
  throw RequestUnanswerable.badParams("an object is missing");
}
