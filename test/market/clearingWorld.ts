import { parseEther, ZeroHash } from "ethers";
import { type Bid, bidTermsOnChain } from "../../src/market/clearingBid.js";
import type { MarketClearing } from "../../types/ethers-contracts/index.js";
import {
  type Actor,
  DAY,
  enroll,
  ethers,
  healthchainWith,
  loadFixture,
  Role,
  register,
  time,
  type World,
} from "../fixture.js";
import { bidOf } from "./clearingBids.js";

/** In wei. */
export const coins = (amount: number): bigint => parseEther(String(amount));

/** The purpose of the tests' rounds (HRESCH), the market's own (HMARKT), and the class of their records. */
export const PURPOSE = 8;
const MARKET = 20;
export const DATA_CLASS = 24;
const SECTIONS = 0b11;

/** A market with a dataset each of the hospital (1: three records) and the clinic (2: two records), and bidders with coin. */
export interface ClearingWorld extends World {
  readonly clearing: MarketClearing;
  /** Professionals 3 to 6, the last a company; each has 1,000 coins, which the clearing may take. */
  readonly bidders: readonly [Actor, Actor, Actor, Actor];
  /** When the round, number 1, stops to take offers and bids, and until when it is settled. */
  readonly biddingEnd: number;
  readonly settleDeadline: number;
}

/** Round 1 takes offers and bids. */
export const opened = (): Promise<ClearingWorld> => loadFixture(openedRound);

async function openedRound(): Promise<ClearingWorld> {
  const world = await healthchainWith({ emissionCap: coins(1_000_000) });
  const { marketClearing: clearing, operator } = world;
  const bidders = await fundBidders(world);
  await listRecords(world, 1, world.hospital, world.doctor, 3);
  await listRecords(world, 2, world.clinic, world.colleague, 2);
  const biddingEnd = (await time.latest()) + DAY;
  const settleDeadline = biddingEnd + DAY;
  await clearing.connect(operator).openRound(DATA_CLASS, PURPOSE, biddingEnd, settleDeadline);
  return { ...world, clearing, bidders, biddingEnd, settleDeadline };
}

/**
 * The hospital offers three records at 1 coin, the clinic two at 2 coins; three bid. At 2 coins the first is for 2 records, the
 * second for 3, and the third is out.
 */
export async function bidden(): Promise<ClearingWorld> {
  const world = await opened();
  await world.clearing.connect(world.hospital).offer(1, 1, coins(1), 3);
  await world.clearing.connect(world.clinic).offer(1, 2, coins(2), 2);
  for (const [at, bid] of BIDS.entries()) await bidFor(world, at, bid);
  return world;
}

export const BIDS = [
  bidOf({ bidder: 3, alpha: 4, c: 1, dMin: 1, maxPrice: 3 }),
  bidOf({ bidder: 4, alpha: 6, c: 1, dMin: 1, maxPrice: 4 }),
  bidOf({ bidder: 5, alpha: 0, c: 1, dMin: 1, maxPrice: 1.5 }),
] as const;

/** What the bids of {@link BIDS} put into escrow. */
export const ESCROWS = [coins(4), coins(6), coins(1.5)] as const;

/** The world's round when its bidding is over. */
export async function biddingOver(): Promise<ClearingWorld> {
  const world = await bidden();
  await time.increaseTo(world.biddingEnd);
  return world;
}

/** The world's round with its price. */
export async function cleared(): Promise<ClearingWorld> {
  const world = await biddingOver();
  await world.clearing.clear(1, coins(2), 3, [0, 1]);
  return world;
}

/** Bids in round 1 as one of the bidders. */
export async function bidFor(world: ClearingWorld, at: number, bid: Bid) {
  return clearingOf(world, at).bid(1, bidTermsOnChain(bid));
}

/** The clearing as one of the bidders uses it. */
export function clearingOf({ clearing, bidders }: ClearingWorld, at: number): MarketClearing {
  return clearing.connect(bidderAt({ bidders }, at));
}

export function bidderAt({ bidders }: Pick<ClearingWorld, "bidders">, at: number): Actor {
  const bidder = bidders[at];
  if (bidder === undefined) throw new Error(`There is no bidder ${at}.`);
  return bidder;
}

/** Registers accepted records of the patient, who consents to their sale, and puts them on sale as a new dataset. */
async function listRecords(
  world: World,
  dataset: number,
  institution: Actor,
  doctor: Actor,
  records: number,
): Promise<void> {
  const { consentRegistry, datasetRegistry, patient } = world;
  const [scope, recipient] = [
    { kind: 1, value: ZeroHash },
    { kind: 2, value: BigInt(dataset) },
  ];
  const terms = { purposes: (1 << PURPOSE) | (1 << MARKET), dataClasses: SECTIONS, from: 0, until: 2 ** 40 - 1 };
  await consentRegistry.connect(patient).grant(scope, recipient, terms);
  const key = await consentRegistry.grantKeyOf(patient, scope, recipient);
  const ids: string[] = [];
  for (let i = 0; i < records; i++)
    ids.push(await register(world, { doctor: doctor.address }, { doctor, institution }));
  const registry = datasetRegistry.connect(institution);
  await registry.list({
    dataClass: DATA_CLASS,
    weights: 1,
    sectionClasses: SECTIONS,
    purposes: 1 << PURPOSE,
    gamma: coins(0.75),
    floor: coins(0.25),
    lambdaMin: coins(1),
    lambdaMax: coins(10),
    patientShare: 5_000,
    doctorShare: 1_000,
  });
  await registry.addRecords(dataset, ids, Array<string>(records).fill(key));
  await registry.openVersion(dataset);
}

async function fundBidders(world: World): Promise<ClearingWorld["bidders"]> {
  const { medicalCoin, marketClearing: clearing } = world;
  const [one, two, three] = (await ethers.getSigners()).slice(12, 15);
  if (!one || !two || !three) throw new Error("The network has too few accounts.");
  await enroll(world, { wallet: one.address, role: Role.Researcher });
  await enroll(world, { wallet: two.address, role: Role.Researcher });
  await enroll(world, { wallet: three.address, role: Role.Company });
  await medicalCoin.connect(world.operator).allotEmission(world.operator, coins(10_000));
  const bidders = [world.researcher, one, two, three] as const;
  for (const bidder of bidders) {
    await medicalCoin.connect(world.operator).mint(bidder, coins(1_000));
    await medicalCoin.connect(bidder).approve(clearing, coins(1_000));
  }
  return bidders;
}
