import { type ChildOptions, ValidatorProcess } from "./childProcess.js";

/** What a validator of a network runs with. */
export interface NetworkValidatorOptions extends ChildOptions {
  /** Counts from 1. */
  readonly number: number;
}

/** One of a network's validators, with its process. */
export class NetworkValidator {
  readonly number: number;
  /** Checksummed. */
  readonly address: string;
  /** File with its private key, which is its institution's. */
  readonly keyFile: string;
  readonly #options: NetworkValidatorOptions;
  #process: ValidatorProcess;
  #isEnding = false;

  private constructor(options: NetworkValidatorOptions, process: ValidatorProcess) {
    this.number = options.number;
    this.address = process.address;
    this.keyFile = options.settings.keyFile;
    this.#options = options;
    this.#process = process;
    this.#watch(process);
  }

  /** @throws {ValidatorNotStarted} */
  static async start(options: NetworkValidatorOptions): Promise<NetworkValidator> {
    return new NetworkValidator(options, await ValidatorProcess.start(options));
  }

  /** Id of its process. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Ends its process properly. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    await this.#process.stop();
  }

  /** Ends its process on the spot, as a power failure would. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  /**
   * Starts a process again after the one before has ended. It goes on from what that one kept.
   *
   * @throws {ValidatorNotStarted}
   */
  async restart(): Promise<void> {
    this.#process = await ValidatorProcess.start(this.#options);
    this.#watch(this.#process);
  }

  #watch(process: ValidatorProcess): void {
    void process.ended.then((how) => {
      if (!this.#isEnding) this.#options.say(`has ended (${how}); the others go on without it.`);
    });
  }
}
