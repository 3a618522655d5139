import { type DeliverySuite, newDeliveryKeyPair } from "../../src/market/hpke.js";
import { deliveryKeyText } from "../../src/market/hpkeKeyFile.js";
import { oneOf } from "../arguments/names.js";
import { writeSecret } from "../file.js";

interface NewKeyArguments {
  readonly file: string;
  readonly suite: string;
}

const SUITES: readonly DeliverySuite[] = ["X-Wing", "X25519"];

export default async function newKey({ file, suite: named }: NewKeyArguments) {
  const suite = oneOf(named, SUITES, "a suite");
  await writeSecret(file, deliveryKeyText(await newDeliveryKeyPair(suite)));
  return { file, suite };
}
