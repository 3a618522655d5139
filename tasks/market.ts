import { emptyTask } from "hardhat/config";
import { verbAction } from "./action.js";
import { optional, signingVerb, verb } from "./verb.js";

const datasetArgument = { name: "dataset", description: "The dataset's number" } as const;
const orderArgument = { name: "order", description: "The order's number" } as const;
const roundArgument = { name: "round", description: "The round's number" } as const;
const classOption = optional("class", "A class of records, such as AmbulatoryRecord");
const lambdaMinOption = optional(
  "lambdaMin",
  "The lowest price of a record in coin; at least gamma and floor together",
);
const lambdaMaxOption = optional("lambdaMax", "The highest price of a record in coin");

const views = [
  verb(["market", "datasets"], "Lists the datasets with what they have on sale")
    .addOption(optional("class", "Only datasets that are priced as this class of records"))
    .addOption(optional("institution", "Only datasets of this institution, by its number"))
    .setAction(verbAction(() => import("./market/datasets.js")))
    .build(),
  verb(["market", "dataset"], "Shows a dataset: stock, terms, prices and shares")
    .addPositionalArgument(datasetArgument)
    .addFlag({ name: "records", description: "Also list the records of the version on sale" })
    .addOption(optional("atVersion", "Also list the records of this version"))
    .setAction(verbAction(() => import("./market/show.js")))
    .build(),
  verb(["market", "orders"], "Lists orders: all, or those of a buyer or of a dataset")
    .addOption(optional("buyer", "Only orders of this address"))
    .addOption(optional("dataset", "Only orders from this dataset"))
    .setAction(verbAction(() => import("./market/orders.js")))
    .build(),
  verb(["market", "show"], "Shows an order: what was bought for how much, and where it stands")
    .addPositionalArgument(orderArgument)
    .setAction(verbAction(() => import("./market/showOrder.js")))
    .build(),
];

const providing = [
  signingVerb(["market", "list"], "Lists a dataset, still without records, as an institution")
    .addOption(optional("class", "The class of records as which it is priced, such as AmbulatoryRecord"))
    .addOption(optional("weights", "Classes that it takes with the weight of a record, such as AmbulatoryRecord:1"))
    .addOption({ name: "sections", description: "Classes of sections that are delivered", defaultValue: "all" })
    .addOption(optional("purposes", "Purposes for which it may be bought, such as HRESCH,BIORCH"))
    .addOption(optional("gamma", "What providing a record costs, in coin, above 0"))
    .addOption({ name: "floor", description: "What patient and doctor get for a record at least", defaultValue: "0" })
    .addOption(lambdaMinOption)
    .addOption(lambdaMaxOption)
    .addOption({
      name: "patientShare",
      description: "The patients' part of the margin above gamma in percent, above 0",
      defaultValue: "60",
    })
    .addOption({ name: "doctorShare", description: "The doctors' part of it in percent", defaultValue: "10" })
    .setAction(verbAction(() => import("./market/list.js")))
    .build(),
  signingVerb(["market", "add"], "Adds records whose patients consent to the market, as the dataset's institution")
    .addPositionalArgument(datasetArgument)
    .addVariadicArgument({
      name: "ids",
      description: "Ids of the records; by default all that can be added",
      defaultValue: [],
    })
    .setAction(verbAction(() => import("./market/add.js")))
    .build(),
  signingVerb(["market", "open"], "Puts a version on sale with the records that wait, as the dataset's institution")
    .addPositionalArgument(datasetArgument)
    .setAction(verbAction(() => import("./market/open.js")))
    .build(),
  signingVerb(["market", "withdraw"], "Takes records out of a dataset, as its institution")
    .addPositionalArgument(datasetArgument)
    .addVariadicArgument({ name: "ids", description: "Ids of the records" })
    .setAction(verbAction(() => import("./market/withdraw.js")))
    .build(),
  signingVerb(["market", "prune"], "Takes the records out of a dataset whose consent ended or which were superseded")
    .addPositionalArgument(datasetArgument)
    .setAction(verbAction(() => import("./market/prune.js")))
    .build(),
  signingVerb(["market", "prices"], "Sets the bounds of a dataset's price, as its institution")
    .addPositionalArgument(datasetArgument)
    .addOption(lambdaMinOption)
    .addOption(lambdaMaxOption)
    .setAction(verbAction(() => import("./market/prices.js")))
    .build(),
  signingVerb(["market", "close"], "Takes a dataset off sale for good, as its institution")
    .addPositionalArgument(datasetArgument)
    .setAction(verbAction(() => import("./market/close.js")))
    .build(),
  signingVerb(["market", "deliver"], "Prepares an order's delivery in the database file and commits to it on the chain")
    .addPositionalArgument(orderArgument)
    .addOption(optional("institution", "The institution's number"))
    .addOption(optional("file", "The institution's database file"))
    .addOption(optional("keyFile", "File of its key-encryption key, as `database new-key` makes it"))
    .setAction(verbAction(() => import("./market/deliver.js")))
    .build(),
  signingVerb(["market", "income"], "Pays an institution its income from sales, to its wallet")
    .addPositionalArgument({ name: "institution", description: "Its number" })
    .setAction(verbAction(() => import("./market/income.js")))
    .build(),
];

const quotes = [
  verb(["market", "quote"], "Says what an order costs now, with published numbers or the consumer's own")
    .addPositionalArgument(datasetArgument)
    .addOption(optional("minAmount", "The least number of records (dMin)"))
    .addOption(optional("maxPrice", "The highest price of a record in coin; any by default"))
    .addOption({ name: "role", description: "The consumer's role", defaultValue: "Researcher" })
    .addOption(optional("alpha", "The consumer's own alpha in coin, instead of the published one; with --c"))
    .addOption(optional("c", "The consumer's own c in records, instead of the published one; with --alpha"))
    .setAction(verbAction(() => import("./market/quote.js")))
    .build(),
  verb(
    ["market", "quote-batch"],
    "Answers the cases of the pricing game in a JSON document with what the contract computes",
  )
    .addOption(optional("input", "JSON document with cases, each with inputs scaled by 1e18"))
    .addOption(optional("output", "File for the same document with a result in each case; replaced if it exists"))
    .setAction(verbAction(() => import("./market/quoteBatch.js")))
    .build(),
];

const consuming = [
  signingVerb(["market", "order"], "Asks for a quote, says it, and orders exactly that; the payment waits in escrow")
    .addPositionalArgument(datasetArgument)
    .addOption(optional("minAmount", "The least number of records (dMin)"))
    .addOption(optional("purpose", "The purpose of use, one of the dataset's, such as HRESCH"))
    .addOption(optional("maxPrice", "The highest price of a record in coin; any by default"))
    .addOption(optional("maxPayment", "Order nothing if it costs more than this in all, in coin"))
    .addFlag({ name: "approve", description: "Pay by an allowance, for wallets that cannot sign a permit" })
    .setAction(verbAction(() => import("./market/order.js")))
    .build(),
  verb(["market", "new-key"], "Makes the key pair to which a buyer has deliveries encrypted")
    .addPositionalArgument({ name: "file", description: "New file for the key pair, readable by its owner only" })
    .addOption({
      name: "suite",
      description: "X-Wing (also against quantum computers) or X25519",
      defaultValue: "X-Wing",
    })
    .setAction(verbAction(() => import("./market/newKey.js")))
    .build(),
  signingVerb(["market", "collect"], "Downloads an order's delivery, decrypts it and checks all of it, as the buyer")
    .addPositionalArgument(orderArgument)
    .addOption(optional("url", "Address of the provider's medical database, such as http://127.0.0.1:8080"))
    .addOption(optional("institution", "The provider's number"))
    .addOption(optional("keyFile", "The buyer's key pair, as `market new-key` makes it"))
    .addOption(optional("out", "New or empty folder for records.ndjson and manifest.ndjson, or for the evidence"))
    .addOption({ name: "maxWait", description: "How long to wait for the delivery", defaultValue: "1m" })
    .setAction(verbAction(() => import("./market/collect.js")))
    .build(),
  signingVerb(["market", "confirm"], "Accepts a delivery before its window is over: everybody is paid, as the buyer")
    .addPositionalArgument(orderArgument)
    .setAction(verbAction(() => import("./market/confirm.js")))
    .build(),
  signingVerb(["market", "dispute"], "Disputes a delivery, once, as the buyer")
    .addPositionalArgument(orderArgument)
    .addOption(optional("reason", "What is wrong, of which the chain gets the hash, or that hash"))
    .setAction(verbAction(() => import("./market/dispute.js")))
    .build(),
];

const settling = [
  signingVerb(["market", "prove-fraud"], "Proves that a delivery holds a record without consent; the buyer is refunded")
    .addPositionalArgument(orderArgument)
    .addPositionalArgument({
      name: "file",
      description: "JSON file with leaf and proof, as `market collect` writes it",
    })
    .setAction(verbAction(() => import("./market/proveFraud.js")))
    .build(),
  signingVerb(["market", "refund"], "Gives the escrow back of an order that was not delivered or not ruled in time")
    .addPositionalArgument(orderArgument)
    .setAction(verbAction(() => import("./market/refund.js")))
    .build(),
  signingVerb(["market", "release"], "Pays everybody when a delivery stood unchallenged for its window")
    .addPositionalArgument(orderArgument)
    .setAction(verbAction(() => import("./market/release.js")))
    .build(),
  signingVerb(["market", "claim"], "Pays patients and doctors their shares in the sales of records")
    .addVariadicArgument({ name: "ids", description: "Ids of the records; by default a dataset's", defaultValue: [] })
    .addOption(optional("dataset", "All records that were ever in this dataset"))
    .setAction(verbAction(() => import("./market/claim.js")))
    .build(),
  signingVerb(["market", "rewards"], "Emits what records have earned by coming on sale for the first time")
    .addVariadicArgument({ name: "ids", description: "Ids of the records; by default a dataset's", defaultValue: [] })
    .addOption(optional("dataset", "All records that were ever in this dataset"))
    .setAction(verbAction(() => import("./market/rewards.js")))
    .build(),
];

const clearing = [
  verb(["market", "rounds"], "Lists the rounds in which one price clears several providers and consumers")
    .setAction(verbAction(() => import("./market/rounds.js")))
    .build(),
  verb(["market", "round"], "Shows a round with its offers and bids")
    .addPositionalArgument(roundArgument)
    .setAction(verbAction(() => import("./market/showRound.js")))
    .build(),
  signingVerb(["market", "open-round"], "Opens a round for a class of records, as an operator")
    .addOption(classOption)
    .addOption(optional("purpose", "The purpose of use, such as HRESCH"))
    .addOption({ name: "biddingEnd", description: "Until when it takes offers and bids", defaultValue: "7d" })
    .addOption({
      name: "settleTime",
      description: "How long it may be settled after that, 1h to 7d",
      defaultValue: "2d",
    })
    .setAction(verbAction(() => import("./market/openRound.js")))
    .build(),
  signingVerb(["market", "offer"], "Offers records of a dataset in a round, bindingly, as the dataset's institution")
    .addPositionalArgument(roundArgument)
    .addOption(optional("dataset", "The dataset's number"))
    .addOption(optional("cost", "The least price of a record in coin; at least gamma and floor of the dataset"))
    .addOption(optional("capacity", "Records that it sells at most"))
    .setAction(verbAction(() => import("./market/offer.js")))
    .build(),
  signingVerb(["market", "bid"], "Bids in a round, bindingly, and pays the escrow, as a researcher or company")
    .addPositionalArgument(roundArgument)
    .addOption(optional("alpha", "How much the satisfaction with more records weighs, in coin"))
    .addOption(optional("c", "What using the data costs, in records, above 0"))
    .addOption(optional("minAmount", "The least number of records (dMin)"))
    .addOption(optional("maxPrice", "The price of a record above which none is taken, in coin"))
    .setAction(verbAction(() => import("./market/bid.js")))
    .build(),
  signingVerb(["market", "clear"], "Computes the price of a round whose bidding is over; the contract checks it")
    .addPositionalArgument(roundArgument)
    .setAction(verbAction(() => import("./market/clearRound.js")))
    .build(),
  signingVerb(["market", "settle"], "Turns the bids of a cleared round into orders")
    .addPositionalArgument(roundArgument)
    .setAction(verbAction(() => import("./market/settleRound.js")))
    .build(),
  signingVerb(["market", "reclaim"], "Pays bidders what their bids did not cost, or what was not settled in time")
    .addOption(optional("bidder", "Professional number of a bidder whose bids are settled"))
    .addOption(optional("round", "A round that was not settled in time"))
    .setAction(verbAction(() => import("./market/reclaim.js")))
    .build(),
];

const governance = [
  signingVerb(["market", "rule"], "Decides a dispute, as an arbiter")
    .addPositionalArgument(orderArgument)
    .addOption(optional("for", "Who is right: buyer (is refunded) or provider (everybody is paid)"))
    .setAction(verbAction(() => import("./market/rule.js")))
    .build(),
  signingVerb(["market", "numbers"], "Shows the published alpha and c, or publishes them for a class and role")
    .addOption(classOption)
    .addOption(optional("role", "A role that buys: Researcher, Company, Insurer"))
    .addOption(optional("alpha", "How much the satisfaction with more records weighs, in coin"))
    .addOption(optional("c", "What using the data costs, in records, above 0"))
    .addOption(optional("alphaMin", "The least alpha to which the market may move; by default alpha itself"))
    .addOption(optional("alphaMax", "The greatest alpha to which the market may move; by default alpha itself"))
    .addOption(optional("cMin", "The least c to which the market may move; by default c itself"))
    .addOption(optional("cMax", "The greatest c to which the market may move; by default c itself"))
    .setAction(verbAction(() => import("./market/numbers.js")))
    .build(),
  signingVerb(
    ["market", "advance"],
    "Moves a dataset's ceiling, or published numbers, by the demand of the last periods",
  )
    .addOption(optional("dataset", "The dataset whose ceiling moves"))
    .addOption(classOption)
    .addOption(optional("role", "The role whose numbers move, with --class"))
    .setAction(verbAction(() => import("./market/advance.js")))
    .build(),
  signingVerb(["market", "rules"], "Shows the market's period, rules and sharing reward, or sets some as an operator")
    .addOption(optional("deliveryTime", "How long a provider has to deliver, 1h to 90d"))
    .addOption(optional("disputeWindow", "How long a buyer has to dispute a delivery, 1h to 90d"))
    .addOption(optional("arbitrationTime", "How long the arbiter has to rule, 1h to 366d"))
    .addOption(optional("turnover", "The part of a stock that is expected to be sold in a period, in percent"))
    .addOption(optional("reactivity", "How strongly ceilings and numbers follow the demand, in percent"))
    .addOption(optional("reward", "Coin that sharing a record earns"))
    .addOption(optional("patientPart", "The patient's part of it in percent"))
    .addOption(optional("doctorPart", "The doctor's part of it in percent; the institution gets the rest"))
    .addOption(optional("leastFloor", "Coin that a dataset promises the creators of a sold record at least"))
    .setAction(verbAction(() => import("./market/rules.js")))
    .build(),
  signingVerb(["market", "pause"], "Stops what is new on the market, as a pauser; what was ordered goes on")
    .addFlag({ name: "end", description: "End the pause" })
    .setAction(verbAction(() => import("./market/pause.js")))
    .build(),
];

export const marketTasks = [
  emptyTask("market", "The market for medical records: datasets, quotes, orders, deliveries, payments").build(),
  ...views,
  ...providing,
  ...quotes,
  ...consuming,
  ...settling,
  ...clearing,
  ...governance,
];
