import { type TransactionRequest, type TransactionResponse, Wallet } from "ethers";

/** A wallet that sends while its earlier transactions wait, so that several of them share a block. Gas is free. */
export class ConcurrentWallet extends Wallet {
  #first: Promise<number> | undefined;
  #sent = 0;

  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    // What would fail is found before it takes a nonce, for which all later ones would wait.
    const gasLimit = await this.estimateGas(request);
    const nonce = await this.#takeNonce();
    return super.sendTransaction({ ...request, gasLimit, nonce, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n });
  }

  async #takeNonce(): Promise<number> {
    this.#first ??= this.getNonce();
    const first = await this.#first;
    return first + this.#sent++;
  }
}
