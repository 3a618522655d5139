import { wordlists } from "ethers";

/**
 * A value that looks like a private key was given where only public things may go. The message never repeats the value,
 * because messages end up in logs.
 */
export class PrivateKeyRefused extends Error {
  override readonly name = "PrivateKeyRefused";

  constructor(field: string, looksLike: string) {
    super(
      `The ${field} looks like ${looksLike}, and the account center never holds one: ` +
        "give the public value (identifier, address, or xpub), and treat the secret as exposed if it left its owner.",
    );
  }
}

const RAW_PRIVATE_KEY = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/i;
// Whole ones have 111 characters; most of one is a secret too. "xprv" may also occur by chance inside an xpub.
const EXTENDED_PRIVATE_KEY = /(?<![0-9A-Za-z])[A-Za-z]prv[1-9A-HJ-NP-Za-km-z]{60}/;
const MNEMONIC_LENGTHS = [12, 15, 18, 21, 24];

/**
 * Refuses a text that looks like a private key: 32 bytes in hex, an extended private key, or the words of a mnemonic.
 * An identifier that is itself 32 bytes of hex (a hash, say) is refused too, because nothing tells the two apart.
 *
 * @param text the value that is about to be kept.
 * @param field what the value is, for the error's message.
 * @throws {PrivateKeyRefused} if it looks like a private key.
 */
export function refusePrivateKey(text: string, field: string): void {
  if (RAW_PRIVATE_KEY.test(text)) throw new PrivateKeyRefused(field, "a raw private key");
  if (EXTENDED_PRIVATE_KEY.test(text)) throw new PrivateKeyRefused(field, "an extended private key");
  if (looksLikeMnemonic(text)) throw new PrivateKeyRefused(field, "a mnemonic phrase");
}

/** Neither a wrong checksum nor one mistyped word saves a phrase: the rest still gives the key away. */
function looksLikeMnemonic(text: string): boolean {
  const words = text.normalize("NFKD").trim().toLowerCase().split(/\s+/);
  if (!MNEMONIC_LENGTHS.includes(words.length)) return false;
  return Object.values(wordlists).some(
    (wordlist) => words.filter((word) => wordlist.getWordIndex(word) < 0).length <= 1,
  );
}
