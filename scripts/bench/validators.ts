import { MaxUint256, toBeHex, Wallet } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { deployHealthchain, type Healthchain } from "../../ignition/deploy.js";
import { ConsortiumRole, defaultParameters } from "../../ignition/parameters.js";
import {
  certificateDomain,
  commitToIdentity,
  enrollCertificate,
  issueCertificate,
  newCommitmentSalt,
  Role,
} from "../../src/accounts/index.js";
import { readRanking } from "../../src/consensus/ranking.js";
import type { ValidatorRules } from "../../src/consensus/validatorRules.js";
import { DAY } from "../../src/utcDay.js";
import { impersonate, measure, type Sending, send, sendAll } from "./sending.js";
import type { Cost } from "./trace.js";

const coin = 10n ** 18n;
const ownStake = 10_000n * coin;
/** Many candidates to measure elections and stakes on. */
export class Validators {
  readonly contracts: Healthchain;
  /** Candidate n is the wallet n - 1. */
  readonly wallets: readonly Wallet[];
  /** An account that may do everything for the consortium. */
  readonly operator: string;
  readonly #connection: NetworkConnection;

  private constructor(connection: NetworkConnection, contracts: Healthchain, operator: string, count: number) {
    this.#connection = connection;
    this.operator = operator;
    this.contracts = contracts;
    this.wallets = Array.from({ length: count }, (_, i) => new Wallet(toBeHex(i + 1, 32)));
  }

  /** Deploys, and has `count` institutions stand; the order of their stakes has nothing to do with that of their numbers. */
  static async found(connection: NetworkConnection, count: number, say: (line: string) => void): Promise<Validators> {
    const [operator] = await connection.ethers.getSigners();
    if (!operator) throw new Error("The network has no account to act for the consortium.");
    const contracts = await deployHealthchain(connection, { ...consortiumOf(operator.address), followsSchedule: true });
    const validators = new Validators(connection, contracts, operator.address, count);
    await (await contracts.medicalCoin.allotEmission(operator.address, 100_000_000n * coin)).wait();
    // The bench stands in for the certifier where it measures what a reward costs its receivers.
    await (await contracts.consortium.grantRole(ConsortiumRole.Certifier, operator.address, 0)).wait();
    await validators.#enroll(say);
    await validators.#stand();
    return validators;
  }

  get provider() {
    return this.#connection.ethers.provider;
  }

  /** Makes accounts able to send and pay, with coin and an allowance for the registry. */
  async fund(accounts: readonly string[], amount: bigint): Promise<void> {
    const { medicalCoin, validatorRegistry } = this.contracts;
    const [coinAddress, registry] = await Promise.all([medicalCoin.getAddress(), validatorRegistry.getAddress()]);
    await impersonate(this.#connection, accounts);
    const mint = (account: string) => medicalCoin.interface.encodeFunctionData("mint", [account, amount]);
    const approval = medicalCoin.interface.encodeFunctionData("approve", [registry, MaxUint256]);
    await this.sendAll(accounts.map((account) => ({ from: this.operator, to: coinAddress, data: mint(account) })));
    await this.sendAll(accounts.map((from) => ({ from, to: coinAddress, data: approval })));
  }

  /** Sends many transactions; each has to succeed. */
  sendAll(transactions: readonly Sending[]): Promise<void> {
    return sendAll(this.provider, transactions);
  }

  /** Sends one transaction and says its hash. */
  send(sending: Sending): Promise<string> {
    return send(this.provider, sending);
  }

  /** Sends one transaction and measures it. */
  measure(sending: Sending): Promise<Cost> {
    return measure(this.provider, sending);
  }

  /** A call of the registry, ready to be sent. */
  async registryCall(from: string, data: string): Promise<Sending> {
    return { from, to: await this.contracts.validatorRegistry.getAddress(), data };
  }

  /** Changes every candidate's stake. */
  async changeStakes(): Promise<void> {
    const registry = this.contracts.validatorRegistry;
    const to = await registry.getAddress();
    await this.sendAll(
      this.wallets.map(({ address }, i) => {
        const data = registry.interface.encodeFunctionData("delegate", [i + 1, coin, 0]);
        return { from: address, to, data };
      }),
    );
  }

  /** The standing candidates, the one with the most stake first. */
  async ranked(): Promise<number[]> {
    return (await readRanking(this.contracts.validatorRegistry)).map(({ candidate }) => candidate);
  }

  /** The wallet that signs as a validator. */
  walletOf(validator: string): Wallet {
    const wallet = this.wallets.find(({ address }) => address === validator);
    if (!wallet) throw new Error(`${validator} is none of the bench's validators.`);
    return wallet;
  }

  /** Makes an empty block. */
  async mine(): Promise<void> {
    await this.#connection.networkHelpers.mine();
  }

  /** Ends the epoch. */
  async elect(): Promise<Cost> {
    await this.#connection.networkHelpers.time.increase(DAY);
    const data = this.contracts.validatorRegistry.interface.encodeFunctionData("elect");
    return this.measure(await this.registryCall(this.operator, data));
  }

  /** Holds as many elections as make the next one overwrite an earlier set. */
  async wrapSnapshots(): Promise<void> {
    const data = this.contracts.validatorRegistry.interface.encodeFunctionData("elect");
    for (let i = 0; i <= 64; i++) {
      await this.#connection.networkHelpers.time.increase(DAY);
      await this.send(await this.registryCall(this.operator, data));
    }
  }

  /** Changes the number of seats. */
  async setSeats(seats: number): Promise<void> {
    await (await this.contracts.validatorRegistry.setRules({ ...rulesOf(this.operator), seats })).wait();
  }

  /** Credits a candidate's pool as a settled epoch does. */
  async reward(candidate: number, amount: bigint): Promise<void> {
    const { validatorRegistry, medicalCoin } = this.contracts;
    await (await validatorRegistry.reward(1, [candidate], [amount])).wait();
    await (await medicalCoin.mint(await validatorRegistry.getAddress(), amount)).wait();
  }

  async #enroll(say: (line: string) => void): Promise<void> {
    const [registrar] = await this.#connection.ethers.getSigners();
    if (!registrar) throw new Error("The network has no account to act as registrar.");
    const { chainId } = await this.provider.getNetwork();
    const domain = certificateDomain(chainId, await this.contracts.accountCenter.getAddress());
    const expires = new Date(Date.now() + 50 * 365 * DAY * 1000);
    for (const [i, { address: wallet }] of this.wallets.entries()) {
      const identity = { system: "urn:bench", value: wallet };
      const identityCommitment = commitToIdentity({ identity, salt: newCommitmentSalt() });
      const certificate = { wallet, role: Role.Institution, institution: 0, identityCommitment, expires };
      await enrollCertificate(this.contracts.accountCenter, await issueCertificate(registrar, domain, certificate));
      if (i % 250 === 249) say(`${i + 1} institutions enrolled`);
    }
  }

  async #stand(): Promise<void> {
    const registry = this.contracts.validatorRegistry;
    const to = await registry.getAddress();
    const addresses = this.wallets.map(({ address }) => address);
    await this.fund(addresses, 2n * ownStake);
    await this.sendAll(
      addresses.map((from, i) => {
        const stake = ownStake + BigInt((i * 617) % 1000) * coin;
        return { from, to, data: registry.interface.encodeFunctionData("stand", [500, stake, 0]) };
      }),
    );
  }
}

function consortiumOf(administrator: string) {
  return { ...defaultParameters(administrator), validatorRules: rulesOf(administrator) };
}

function rulesOf(administrator: string): ValidatorRules {
  return { ...defaultParameters(administrator).validatorRules, epochLength: DAY, unbondingEpochs: 60 };
}
