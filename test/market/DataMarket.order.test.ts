import { expect } from "chai";
import { type Actor, DAY, enroll, ethers, loadFixture, Role, time } from "../fixture.js";
import { domainOf, sign } from "../signatures.js";
import {
  ALPHA,
  BOUNDS,
  C,
  coins,
  fieldsOf,
  HMARKT,
  HRESCH,
  idsOf,
  LISTING,
  market,
  type OrderRequest,
  OrderState,
  placeOrder,
  quoted,
  RULES,
  recordAt,
  requestFor,
} from "./world.js";

/** The root of 40, which is eq. (15)'s price, and what five records cost at it. */
const PRICE = 6_324_555_320_336_758_664n;
const PAYMENT = 5n * PRICE;

async function onSale() {
  const world = await loadFixture(market);
  const provider = world.datasetRegistry.connect(world.hospital);
  return { ...world, world, provider, buying: world.dataMarket.connect(world.researcher) };
}

describe("DataMarket: quote", () => {
  it("says the equilibrium for the published numbers, in whole records", async () => {
    const { world, dataMarket } = await onSale();
    expect(await quoted(world, { dataset: 1, dMin: 2, maxPrice: coins(10) })).to.deep.equal([PRICE, 5, PAYMENT, 0]);
    expect(await dataMarket.quoteWith(1, ALPHA, C, 2, coins(10))).to.deep.equal([PRICE, 5, PAYMENT, 0]);
  });

  it("says it for the consumer's own numbers, of any size that the game takes", async () => {
    const { dataMarket, quoter } = await onSale();
    expect(await dataMarket.quoteWith(1, 0, 1, 3, coins(10))).to.deep.equal([coins(10), 3, coins(30), 3]);
    await expect(dataMarket.quoteWith(1, 0, 0, 3, coins(10))).to.be.revertedWithCustomError(
      quoter,
      "PricingCostInvalid",
    );
    await expect(dataMarket.quoteWith(1, 2n ** 120n, 1, 3, coins(10)))
      .to.be.revertedWithCustomError(quoter, "PricingInputTooLarge")
      .withArgs(2n ** 120n, 2n ** 120n - 1n);
  });

  it("needs numbers for the role, a stock that is enough, an amount, and a price that the provider takes", async () => {
    const { dataMarket, quoter } = await onSale();
    const quote = (role: number, dMin: number, maxPrice: bigint) => dataMarket.quote(1, role, dMin, maxPrice);
    await expect(quote(Role.Company, 2, coins(10)))
      .to.be.revertedWithCustomError(dataMarket, "NumbersNotPublished")
      .withArgs(24, Role.Company);
    await expect(quote(Role.Researcher, 7, coins(10)))
      .to.be.revertedWithCustomError(quoter, "SupplyInsufficient")
      .withArgs(coins(6), coins(7));
    await expect(quote(Role.Researcher, 0, coins(10)))
      .to.be.revertedWithCustomError(quoter, "PricingDemandInvalid")
      .withArgs(0);
    await expect(quote(Role.Researcher, 2, coins(4) - 1n))
      .to.be.revertedWithCustomError(quoter, "NoTrade")
      .withArgs(coins(4) - 1n, coins(4));
  });

  it("is for what is on sale", async () => {
    const { provider, dataMarket } = await onSale();
    await provider.list(LISTING);
    await provider.closeDataset(1);
    for (const dataset of [0, 1, 2, 3]) {
      for (const quoted of [
        dataMarket.quote(dataset, Role.Researcher, 2, coins(10)),
        dataMarket.quoteWith(dataset, ALPHA, C, 2, coins(10)),
      ]) {
        await expect(quoted).to.be.revertedWithCustomError(dataMarket, "DatasetNotOnSale").withArgs(dataset);
      }
    }
  });
});

describe("DataMarket: order", () => {
  it("takes the payment of the quote into escrow", async () => {
    const { world, buying, dataMarket, medicalCoin, researcher, hospital } = await onSale();
    const now = (await time.latest()) + 100;
    await time.setNextBlockTimestamp(now);
    const sent = buying.order(await requestFor(world));
    await expect(sent).to.emit(dataMarket, "OrderPlaced").withArgs(1, 1, researcher.address, 1, PRICE, 5, HRESCH);
    await expect(sent).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [researcher, dataMarket, hospital],
      [-PAYMENT, PAYMENT, 0n],
    );
    expect(fieldsOf(await dataMarket.orderOf(1))).to.deep.equal({
      buyer: researcher.address,
      dataset: 1n,
      version: 1n,
      amount: 5n,
      state: OrderState.Ordered,
      price: PRICE,
      weight: 8n,
      deadline: BigInt(now + RULES.deliveryTime),
      asOf: BigInt(now),
      delivered: 0n,
      purpose: BigInt(HRESCH),
      role: BigInt(Role.Researcher),
      manifestRoot: `0x${"00".repeat(32)}`,
    });
    expect(await dataMarket.orderCount()).to.equal(1);
    expect((await dataMarket.orderOf(2)).state).to.equal(OrderState.None);
  });

  it("numbers orders, and counts none of them as demand yet", async () => {
    const { world, buying, dataMarket } = await onSale();
    await placeOrder(world);
    expect(await buying.order.staticCall(await requestFor(world, { dMin: 6 }))).to.equal(2);
    await placeOrder(world, { dMin: 6 });
    expect(await dataMarket.orderCount()).to.equal(2);
    expect(await dataMarket.ceilingOf(1)).to.deep.equal([0, 0, 0]);
    expect((await dataMarket.numbersOf(24, Role.Researcher)).orders).to.equal(0);
  });

  it("sells the last record, and the same records again", async () => {
    const { world, dataMarket } = await onSale();
    for (let times = 1; times <= 2; times += 1) {
      expect((await dataMarket.orderOf(await placeOrder(world, { dMin: 6 }))).amount).to.equal(6);
    }
  });

  it("may cost what the request says at most, and not a wei more", async () => {
    const { world, buying, dataMarket } = await onSale();
    const short = await requestFor(world, { maxPayment: PAYMENT - 1n });
    await expect(buying.order(short))
      .to.be.revertedWithCustomError(dataMarket, "QuoteExceeded")
      .withArgs(PAYMENT, PAYMENT - 1n);
    await buying.order({ ...short, maxPayment: PAYMENT });
    await buying.order({ ...short, maxPayment: 2n ** 128n - 1n });
    expect((await dataMarket.orderOf(2)).price).to.equal(PRICE);
  });

  it("may name the quoted price as the highest", async () => {
    const { world, dataMarket } = await onSale();
    const { price, amount } = await dataMarket.orderOf(await placeOrder(world, { maxPrice: PRICE }));
    expect([price, amount]).to.deep.equal([PRICE, 5n]);
  });

  it("refuses a purpose that the dataset is not for", async () => {
    const { world, buying, dataMarket } = await onSale();
    for (const purpose of [0, HMARKT, 24, 255]) {
      await expect(buying.order(await requestFor(world, { purpose })))
        .to.be.revertedWithCustomError(dataMarket, "PurposeNotOffered")
        .withArgs(1, purpose);
    }
  });

  it("refuses datasets that are unknown, closed, or without records", async () => {
    const { world, provider, buying, dataMarket, records } = await onSale();
    const request = await requestFor(world);
    const refuse = (dataset: number, version = 1) =>
      expect(buying.order({ ...request, dataset, version }))
        .to.be.revertedWithCustomError(dataMarket, "DatasetNotOnSale")
        .withArgs(dataset);
    await refuse(0, 0);
    await refuse(2, 0);
    await provider.list(LISTING);
    await refuse(2, 0);
    await provider.withdrawRecords(1, idsOf(records));
    await refuse(1, 2);
    await provider.addRecords(1, [recordAt(world, 0).id], [recordAt(world, 0).key]);
    await refuse(1, 2);
    await provider.openVersion(1);
    await provider.closeDataset(1);
    await refuse(1, 3);
  });

  it("refuses datasets of an institution that may not deliver", async () => {
    const { world, buying, dataMarket, accountCenter, registrar, clearing, hospital, researcher } = await onSale();
    const request = await requestFor(world);
    await accountCenter.connect(registrar).suspend(hospital, 0);
    for (const refused of [
      () => buying.order(request),
      () => dataMarket.connect(clearing).orderFor(researcher, 1, 3, coins(5), HRESCH),
      () => dataMarket.quote(1, Role.Researcher, 2, coins(10)),
      () => dataMarket.quoteWith(1, 0, 1, 2, coins(10)),
    ]) {
      await expect(refused()).to.be.revertedWithCustomError(dataMarket, "AccountSuspended").withArgs(hospital.address);
    }
    await accountCenter.connect(registrar).reinstate(hospital);
    await buying.order(request);
  });

  it("is for active accounts of a role with published numbers", async () => {
    const { world, dataMarket, accountCenter, registrar, researcher, company, hospital, stranger } = await onSale();
    const request = await requestFor(world);
    const refuse = (by: Actor) => expect(dataMarket.connect(by).order(request)).to.be;
    await refuse(stranger).revertedWithCustomError(dataMarket, "AccountNotCertified").withArgs(stranger.address);
    await refuse(company).revertedWithCustomError(dataMarket, "NumbersNotPublished").withArgs(24, Role.Company);
    await refuse(hospital).revertedWithCustomError(dataMarket, "NumbersNotPublished").withArgs(24, Role.Institution);
    await accountCenter.connect(registrar).suspend(researcher, 0);
    await refuse(researcher).revertedWithCustomError(dataMarket, "AccountSuspended").withArgs(researcher.address);
    await accountCenter.connect(registrar).reinstate(researcher);
    const expiresAt = (await time.latest()) + DAY;
    await enroll(world, { wallet: researcher.address, role: Role.Researcher, expiresAt });
    await time.increaseTo(expiresAt);
    await refuse(researcher)
      .revertedWithCustomError(dataMarket, "AccountExpired")
      .withArgs(researcher.address, expiresAt);
  });

  it("takes the numbers of the buyer's own role", async () => {
    const { world, dataMarket, operator, company } = await onSale();
    await dataMarket.connect(operator).publishNumbers(24, Role.Company, 0, C, { ...BOUNDS, alphaMin: 0n });
    const request = await requestFor(world, { maxPayment: coins(20) });
    await dataMarket.connect(company).order(request);
    const { price, amount, role } = await dataMarket.orderOf(1);
    expect([price, amount, role]).to.deep.equal([coins(10), 2n, BigInt(Role.Company)]);
  });

  it("needs coin, and an allowance", async () => {
    const { world, buying, dataMarket, medicalCoin, researcher, stranger } = await onSale();
    const request = await requestFor(world);
    await medicalCoin.connect(researcher).approve(dataMarket, PAYMENT - 1n);
    await expect(buying.order(request))
      .to.be.revertedWithCustomError(medicalCoin, "ERC20InsufficientAllowance")
      .withArgs(await dataMarket.getAddress(), PAYMENT - 1n, PAYMENT);
    await medicalCoin.connect(researcher).approve(dataMarket, PAYMENT);
    const balance = await medicalCoin.balanceOf(researcher);
    await medicalCoin.connect(researcher).transfer(stranger, balance - PAYMENT + 1n);
    await expect(buying.order(request))
      .to.be.revertedWithCustomError(medicalCoin, "ERC20InsufficientBalance")
      .withArgs(researcher.address, PAYMENT - 1n, PAYMENT);
    expect(await dataMarket.orderCount()).to.equal(0);
  });

  it("is stopped by a pause", async () => {
    const { world, buying, dataMarket, pauser } = await onSale();
    const request = await requestFor(world);
    await dataMarket.connect(pauser).pause();
    await expect(buying.order(request)).to.be.revertedWithCustomError(dataMarket, "EnforcedPause");
    await dataMarket.connect(pauser).unpause();
    await buying.order(request);
  });
});

describe("DataMarket: pause", () => {
  it("is for pausers", async () => {
    const { dataMarket, operator } = await onSale();
    for (const act of ["pause", "unpause"] as const) {
      await expect(dataMarket.connect(operator)[act]())
        .to.be.revertedWithCustomError(dataMarket, "AccessManagedUnauthorized")
        .withArgs(operator.address);
    }
  });
});

describe("DataMarket: orderWithPermit", () => {
  async function permitted(fields: Partial<OrderRequest> = {}) {
    const found = await onSale();
    const { world, medicalCoin, dataMarket, researcher } = found;
    await medicalCoin.connect(researcher).approve(dataMarket, 0);
    const request = await requestFor(world, fields);
    const deadline = (await time.latest()) + DAY;
    const message = {
      owner: researcher.address,
      spender: await dataMarket.getAddress(),
      value: request.maxPayment,
      nonce: await medicalCoin.nonces(researcher),
      deadline,
    };
    const domain = domainOf("Healthchain Medical Coin", await medicalCoin.getAddress());
    const signature = ethers.Signature.from(await sign(researcher, domain, "Permit", message));
    const { v, r, s } = signature;
    return { ...found, request, deadline, v, r, s, permit: [deadline, v, r, s] as const };
  }

  it("orders without an allowance, and spends the permit", async () => {
    const { buying, request, permit, medicalCoin, dataMarket, researcher } = await permitted({
      maxPayment: PAYMENT + 7n,
    });
    await expect(buying.orderWithPermit(request, ...permit)).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [researcher, dataMarket],
      [-PAYMENT, PAYMENT],
    );
    expect(await medicalCoin.allowance(researcher, dataMarket)).to.equal(7);
    expect(await medicalCoin.nonces(researcher)).to.equal(1);
    // The same permit again: its nonce is spent.
    await expect(buying.orderWithPermit(request, ...permit)).to.be.revertedWithCustomError(
      medicalCoin,
      "ERC2612InvalidSigner",
    );
    expect(await dataMarket.orderCount()).to.equal(1);
  });

  it("is not stopped by somebody who sends the permit before", async () => {
    const { buying, request, permit, medicalCoin, dataMarket, researcher, stranger } = await permitted();
    await medicalCoin.connect(stranger).permit(researcher, dataMarket, request.maxPayment, ...permit);
    await expect(buying.orderWithPermit(request, ...permit)).to.changeTokenBalance(
      ethers,
      medicalCoin,
      researcher,
      -PAYMENT,
    );
    expect(await medicalCoin.allowance(researcher, dataMarket)).to.equal(0);
  });

  it("needs no permit where the allowance is enough", async () => {
    const { buying, request, medicalCoin, dataMarket, researcher } = await permitted();
    await medicalCoin.connect(researcher).approve(dataMarket, request.maxPayment);
    await buying.orderWithPermit(request, 0, 0, `0x${"00".repeat(32)}`, `0x${"00".repeat(32)}`);
    expect(await medicalCoin.nonces(researcher)).to.equal(0);
  });

  it("refuses permits that are late, of others, or for another payment", async () => {
    const { buying, request, deadline, v, r, s, medicalCoin, dataMarket, operator, company } = await permitted();
    await expect(
      buying.orderWithPermit({ ...request, maxPayment: request.maxPayment + 1n }, deadline, v, r, s),
    ).to.be.revertedWithCustomError(medicalCoin, "ERC2612InvalidSigner");
    await dataMarket.connect(operator).publishNumbers(24, Role.Company, ALPHA, C, BOUNDS);
    await medicalCoin.connect(company).approve(dataMarket, 0);
    await expect(dataMarket.connect(company).orderWithPermit(request, deadline, v, r, s)).to.be.revertedWithCustomError(
      medicalCoin,
      "ERC2612InvalidSigner",
    );
    await time.increaseTo(deadline + 1);
    await expect(buying.orderWithPermit(request, deadline, v, r, s))
      .to.be.revertedWithCustomError(medicalCoin, "ERC2612ExpiredSignature")
      .withArgs(deadline);
  });
});

describe("DataMarket: orderFor", () => {
  /** The least price: cost and floor. */
  const LEAST = LISTING.gamma + LISTING.floor;

  it("orders for a buyer at a cleared price, which the clearing pays", async () => {
    const { dataMarket, medicalCoin, clearing, company } = await onSale();
    const sent = dataMarket.connect(clearing).orderFor(company, 1, 3, LEAST, HRESCH);
    await expect(sent).to.emit(dataMarket, "OrderPlaced").withArgs(1, 1, company.address, 1, LEAST, 3, HRESCH);
    await expect(sent).to.changeTokenBalances(
      ethers,
      medicalCoin,
      [clearing, company, dataMarket],
      [-3n * LEAST, 0n, 3n * LEAST],
    );
    const { buyer, role, state, weight } = await dataMarket.orderOf(1);
    expect([buyer, role, state, weight]).to.deep.equal([company.address, BigInt(Role.Company), OrderState.Ordered, 8n]);
  });

  it("may be above the ceiling", async () => {
    const { dataMarket, clearing, researcher } = await onSale();
    await dataMarket.connect(clearing).orderFor(researcher, 1, 1, coins(11), HRESCH);
    expect((await dataMarket.orderOf(1)).price).to.equal(coins(11));
  });

  it("refuses a price below cost and floor, an order for nothing, other purposes, and what is not on sale", async () => {
    const { provider, dataMarket, clearing, company } = await onSale();
    const market = dataMarket.connect(clearing);
    await expect(market.orderFor(company, 1, 3, LEAST - 1n, HRESCH))
      .to.be.revertedWithCustomError(dataMarket, "ClearedPriceTooLow")
      .withArgs(LEAST - 1n, LEAST);
    await expect(market.orderFor(company, 1, 0, LEAST, HRESCH)).to.be.revertedWithCustomError(dataMarket, "AmountZero");
    await expect(market.orderFor(company, 1, 3, LEAST, HMARKT))
      .to.be.revertedWithCustomError(dataMarket, "PurposeNotOffered")
      .withArgs(1, HMARKT);
    await provider.closeDataset(1);
    await expect(market.orderFor(company, 1, 3, LEAST, HRESCH))
      .to.be.revertedWithCustomError(dataMarket, "DatasetNotOnSale")
      .withArgs(1);
  });

  it("is for active buyers, and for the clearing to call", async () => {
    const { dataMarket, accountCenter, registrar, clearing, operator, company, hospital, patient, stranger } =
      await onSale();
    for (const [buyer, role] of [
      [hospital, Role.Institution],
      [patient, Role.Patient],
    ] as const) {
      await expect(dataMarket.connect(clearing).orderFor(buyer, 1, 3, LEAST, HRESCH))
        .to.be.revertedWithCustomError(dataMarket, "RoleBuysNothing")
        .withArgs(buyer.address, role);
    }
    await expect(dataMarket.connect(clearing).orderFor(stranger, 1, 3, LEAST, HRESCH))
      .to.be.revertedWithCustomError(dataMarket, "AccountNotCertified")
      .withArgs(stranger.address);
    await accountCenter.connect(registrar).suspend(company, 0);
    await expect(dataMarket.connect(clearing).orderFor(company, 1, 3, LEAST, HRESCH))
      .to.be.revertedWithCustomError(dataMarket, "AccountSuspended")
      .withArgs(company.address);
    for (const by of [operator, company]) {
      await expect(dataMarket.connect(by).orderFor(company, 1, 3, LEAST, HRESCH))
        .to.be.revertedWithCustomError(dataMarket, "AccessManagedUnauthorized")
        .withArgs(by.address);
    }
  });

  it("is not stopped by a pause: what was cleared is delivered", async () => {
    const { dataMarket, pauser, clearing, company } = await onSale();
    await dataMarket.connect(pauser).pause();
    await dataMarket.connect(clearing).orderFor(company, 1, 3, LEAST, HRESCH);
    expect(await dataMarket.orderCount()).to.equal(1);
  });
});
