import { expect } from "chai";
import { checkedProxies, InvalidTrustProxy } from "../../database/trustedProxies.js";

describe("trusted proxies", () => {
  it("are addresses, networks and the machine itself", () => {
    for (const text of ["loopback", "10.0.0.2", "10.0.0.0/8", "::1", "fd00::/8", "2001:db8::/128"]) {
      expect(checkedProxies(text)).to.deep.equal([text]);
    }
    expect(checkedProxies("loopback, 10.0.0.2")).to.deep.equal(["loopback", "10.0.0.2"]);
  });

  it("are never everybody, and no names", () => {
    for (const text of ["", "true", "proxy.example", "10.0.0.0/0", "::/0", "10.0.0.0/33", "10.0.0.2/", "10.0.0.2,"]) {
      expect(() => checkedProxies(text), text).to.throw(InvalidTrustProxy);
    }
  });
});
