import { expect } from "chai";
import { storedIdOf } from "../../src/records/storedId.js";

describe("records/storedId", () => {
  it("takes the UUID of a urn:uuid", () => {
    expect(storedIdOf("urn:uuid:161a799c-4894-36f6-8ca7-2a71c8107f79")).to.equal(
      "161a799c-4894-36f6-8ca7-2a71c8107f79",
    );
  });

  it("makes a stable UUID of any other URL", () => {
    const id = storedIdOf("http://server.example/Observation/1");
    expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(storedIdOf("http://server.example/Observation/1")).to.equal(id);
    expect(storedIdOf("http://server.example/Observation/2")).not.to.equal(id);
    expect(storedIdOf("urn:uuid:not-a-uuid")).to.match(/^[0-9a-f-]{36}$/);
  });
});
