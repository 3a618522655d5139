import { expect } from "chai";
import { type Actor, DAY, ethers, loadFixture, time, wordOf } from "../fixture.js";
import { deadlineOf, deliver, type Market, market, OrderState, placeOrder, RULES, stateOf } from "./world.js";

const REASON = wordOf(99);

async function ordered() {
  const world = await loadFixture(market);
  await placeOrder(world);
  const { price } = await world.dataMarket.orderOf(1);
  return { ...world, world, buying: world.dataMarket.connect(world.researcher), price };
}

/** Order 1, of which three of five records are delivered. */
async function delivered() {
  const found = await ordered();
  await deliver(found.world, 1n, found.records.slice(0, 3));
  return found;
}

async function disputed() {
  const found = await delivered();
  await found.buying.dispute(1, REASON);
  return found;
}

/** What the three records bring: the creators' part of the margin above gamma, 45 % of it, and the rest. */
function sharesOf(price: bigint, records: bigint): { creators: bigint; rest: bigint } {
  const creators = ((price - 2n * 10n ** 18n) * records * 4_500n) / 10_000n;
  return { creators, rest: price * records - creators };
}

/** What may be done with an order, by whoever may. */
const actions = {
  deliver: ({ dataMarket, hospital }: Market) => dataMarket.connect(hospital).deliver(1, wordOf(1), 1, 1),
  confirm: ({ dataMarket, researcher }: Market) => dataMarket.connect(researcher).confirm(1),
  dispute: ({ dataMarket, researcher }: Market) => dataMarket.connect(researcher).dispute(1, REASON),
  "rule for the buyer": ({ dataMarket, arbiter }: Market) => dataMarket.connect(arbiter).rule(1, true),
  "rule for the provider": ({ dataMarket, arbiter }: Market) => dataMarket.connect(arbiter).rule(1, false),
  refund: ({ dataMarket, hospital }: Market) => dataMarket.connect(hospital).refund(1),
  release: ({ dataMarket, stranger }: Market) => dataMarket.connect(stranger).release(1),
  proveFraud: ({ dataMarket, stranger }: Market) =>
    dataMarket
      .connect(stranger)
      .proveFraud(1, { recordId: REASON, key: REASON, ciphertextHash: REASON, keyHash: REASON }, []),
} as const;
type Action = keyof typeof actions;

/** States, how an order comes there, and what is refused for good in it. */
const refused: readonly (readonly [keyof typeof OrderState, (world: Market) => Promise<unknown>, readonly Action[]])[] =
  [
    ["Ordered", async () => {}, ["confirm", "dispute", "rule for the buyer", "release", "proveFraud"]],
    ["Delivered", (world) => deliver(world, 1n), ["deliver", "rule for the buyer", "rule for the provider", "refund"]],
    [
      "Disputed",
      async (world) => {
        await deliver(world, 1n);
        await actions.dispute(world);
      },
      ["deliver", "dispute", "release"],
    ],
    [
      "Released",
      async (world) => {
        await deliver(world, 1n);
        await actions.confirm(world);
      },
      Object.keys(actions) as Action[],
    ],
    ["Refunded", actions.refund, Object.keys(actions) as Action[]],
  ];

describe("DataMarket: the states of an order", () => {
  for (const [state, reach, forbidden] of refused) {
    it(`${state}: refuses to ${forbidden.join(", ")}`, async () => {
      const { world, dataMarket } = await ordered();
      await reach(world);
      expect(await stateOf(world, 1)).to.equal(OrderState[state]);
      // Also when every deadline has passed.
      for (const later of [1, 400 * DAY]) {
        await time.increase(later);
        for (const action of forbidden) {
          await expect(actions[action](world), action)
            .to.be.revertedWithCustomError(dataMarket, "OrderStateMismatch")
            .withArgs(1, OrderState[state]);
        }
      }
    });
  }

  it("knows no order that was not placed", async () => {
    const world = await loadFixture(market);
    for (const act of Object.values(actions)) {
      await expect(act(world)).to.be.revertedWithCustomError(world.dataMarket, "OrderUnknown").withArgs(1);
    }
  });
});

describe("DataMarket: confirm", () => {
  it("pays the institution, and lets the creators claim", async () => {
    const { world, buying, dataMarket, medicalCoin, researcher, hospital, price } = await delivered();
    const { creators, rest } = sharesOf(price, 3n);
    const sent = buying.confirm(1);
    await expect(sent).to.emit(dataMarket, "OrderReleased").withArgs(1, creators, rest);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [researcher, hospital, dataMarket], [0n, 0n, 0n]);
    expect(await dataMarket.incomeOf(1)).to.equal(rest);
    expect(await medicalCoin.balanceOf(dataMarket)).to.equal(creators + rest);
    expect(await stateOf(world, 1)).to.equal(OrderState.Released);
  });

  it("ends a dispute, also after the arbiter's time", async () => {
    const { world, buying, price } = await disputed();
    await time.increase(2 * RULES.arbitrationTime);
    await buying.confirm(1);
    expect(await stateOf(world, 1)).to.equal(OrderState.Released);
    expect(await world.dataMarket.incomeOf(1)).to.equal(sharesOf(price, 3n).rest);
  });

  it("is for the buyer, certified or not", async () => {
    const { world, buying, dataMarket, accountCenter, registrar, hospital, arbiter, researcher } = await delivered();
    for (const other of [hospital, arbiter]) {
      await expect(dataMarket.connect(other).confirm(1))
        .to.be.revertedWithCustomError(dataMarket, "OrderNotOf")
        .withArgs(1, researcher.address);
    }
    await accountCenter.connect(registrar).revoke(researcher, 0);
    await buying.confirm(1);
    expect(await stateOf(world, 1)).to.equal(OrderState.Released);
  });
});

describe("DataMarket: dispute", () => {
  it("gives the arbiter the time to rule", async () => {
    const { world, buying, dataMarket } = await delivered();
    const now = (await time.latest()) + 50;
    await time.setNextBlockTimestamp(now);
    const deadline = now + RULES.arbitrationTime;
    await expect(buying.dispute(1, REASON)).to.emit(dataMarket, "OrderDisputed").withArgs(1, REASON, deadline);
    expect([await stateOf(world, 1), await deadlineOf(world, 1)]).to.deep.equal([OrderState.Disputed, deadline]);
  });

  it("is in time until the window's last second", async () => {
    const { world, buying, dataMarket } = await delivered();
    await placeOrder(world);
    await deliver(world, 2n);
    const [first, second] = [await deadlineOf(world, 1), await deadlineOf(world, 2)];
    await time.setNextBlockTimestamp(first);
    await buying.dispute(1, REASON);
    await time.setNextBlockTimestamp(second + 1);
    await expect(buying.dispute(2, REASON))
      .to.be.revertedWithCustomError(dataMarket, "OrderDeadlinePassed")
      .withArgs(2, second);
  });

  it("is for the buyer", async () => {
    const { dataMarket, stranger, researcher } = await delivered();
    await expect(dataMarket.connect(stranger).dispute(1, REASON))
      .to.be.revertedWithCustomError(dataMarket, "OrderNotOf")
      .withArgs(1, researcher.address);
  });
});

describe("DataMarket: rule", () => {
  it("refunds the buyer what was delivered", async () => {
    const { world, dataMarket, medicalCoin, arbiter, researcher, price } = await disputed();
    const sent = dataMarket.connect(arbiter).rule(1, true);
    await expect(sent).to.emit(dataMarket, "OrderRuled").withArgs(1, true);
    await expect(sent)
      .to.emit(dataMarket, "EscrowRefunded")
      .withArgs(1, researcher.address, 3n * price);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [researcher, dataMarket], [3n * price, -3n * price]);
    expect(await medicalCoin.balanceOf(dataMarket)).to.equal(0);
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
  });

  it("pays provider and creators, also after its time as long as nobody took the refund", async () => {
    const { world, dataMarket, arbiter, price } = await disputed();
    await time.increase(2 * RULES.arbitrationTime);
    const { creators, rest } = sharesOf(price, 3n);
    const sent = dataMarket.connect(arbiter).rule(1, false);
    await expect(sent).to.emit(dataMarket, "OrderRuled").withArgs(1, false);
    await expect(sent).to.emit(dataMarket, "OrderReleased").withArgs(1, creators, rest);
    expect(await stateOf(world, 1)).to.equal(OrderState.Released);
  });

  it("is for arbiters", async () => {
    const { dataMarket, administrator, operator, researcher, hospital } = await disputed();
    for (const by of [administrator, operator, researcher, hospital]) {
      await expect(dataMarket.connect(by).rule(1, true))
        .to.be.revertedWithCustomError(dataMarket, "AccessManagedUnauthorized")
        .withArgs(by.address);
    }
  });
});

describe("DataMarket: refund", () => {
  it("gives all back, by anyone, when the delivery is late", async () => {
    const { world, dataMarket, medicalCoin, stranger, researcher, price } = await ordered();
    await time.setNextBlockTimestamp((await deadlineOf(world, 1)) + 1);
    const sent = dataMarket.connect(stranger).refund(1);
    await expect(sent)
      .to.emit(dataMarket, "EscrowRefunded")
      .withArgs(1, researcher.address, 5n * price);
    await expect(sent).to.changeTokenBalances(ethers, medicalCoin, [researcher, dataMarket], [5n * price, -5n * price]);
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
  });

  it("is the provider's to give before, and nobody else's", async () => {
    const { world, dataMarket, medicalCoin, hospital, clinic, researcher, stranger, price } = await ordered();
    await time.increaseTo((await deadlineOf(world, 1)) - 10);
    const refuse = (by: Actor) => expect(dataMarket.connect(by).refund(1)).to.be;
    await refuse(researcher)
      .revertedWithCustomError(dataMarket, "AccountRoleMismatch")
      .withArgs(researcher.address, 4, 3);
    await refuse(clinic).revertedWithCustomError(dataMarket, "OrderNotFrom").withArgs(1, 1);
    await refuse(stranger).revertedWithCustomError(dataMarket, "AccountNotCertified").withArgs(stranger.address);
    await expect(dataMarket.connect(hospital).refund(1)).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [researcher, dataMarket],
      [5n * price, -5n * price],
    );
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
  });

  it("gives the delivered part back when the arbiter keeps silent, by anyone", async () => {
    const { world, dataMarket, medicalCoin, stranger, researcher, price } = await disputed();
    const deadline = await deadlineOf(world, 1);
    await time.setNextBlockTimestamp(deadline);
    await expect(dataMarket.connect(stranger).refund(1))
      .to.be.revertedWithCustomError(dataMarket, "AccountNotCertified")
      .withArgs(stranger.address);
    await time.setNextBlockTimestamp(deadline + 1);
    await expect(dataMarket.connect(stranger).refund(1)).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [researcher, dataMarket],
      [3n * price, -3n * price],
    );
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
  });

  it("is how the provider, and nobody else, concedes a dispute", async () => {
    const { world, dataMarket, medicalCoin, hospital, clinic, arbiter, researcher, price } = await disputed();
    await expect(dataMarket.connect(clinic).refund(1))
      .to.be.revertedWithCustomError(dataMarket, "OrderNotFrom")
      .withArgs(1, 1);
    await expect(dataMarket.connect(hospital).refund(1)).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [researcher, dataMarket],
      [3n * price, -3n * price],
    );
    await expect(dataMarket.connect(arbiter).rule(1, false))
      .to.be.revertedWithCustomError(dataMarket, "OrderStateMismatch")
      .withArgs(1, OrderState.Refunded);
    expect(await stateOf(world, 1)).to.equal(OrderState.Refunded);
  });
});

describe("DataMarket: release", () => {
  it("pays everybody, by anyone, when the window is over", async () => {
    const { world, dataMarket, stranger, price } = await delivered();
    const deadline = await deadlineOf(world, 1);
    await time.setNextBlockTimestamp(deadline);
    const releasing = dataMarket.connect(stranger);
    await expect(releasing.release(1))
      .to.be.revertedWithCustomError(dataMarket, "OrderDeadlineNotPassed")
      .withArgs(1, deadline);
    const { creators, rest } = sharesOf(price, 3n);
    await time.setNextBlockTimestamp(deadline + 1);
    await expect(releasing.release(1)).to.emit(dataMarket, "OrderReleased").withArgs(1, creators, rest);
    expect(await dataMarket.incomeOf(1)).to.equal(rest);
    expect(await stateOf(world, 1)).to.equal(OrderState.Released);
  });
});
