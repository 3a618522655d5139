import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import {
  acceptanceStatement,
  recordBatchStatement,
  recordStatement,
  repudiationStatement,
} from "../../src/records/recordSignatures.js";

describe("the statements about records", () => {
  it("encode to the contract's type strings", () => {
    const strings = [recordStatement, recordBatchStatement, acceptanceStatement, repudiationStatement].map(
      ({ primaryType, types }) => TypedDataEncoder.from(types).encodeType(primaryType),
    );
    expect(strings).to.deep.equal([
      "Record(bytes32 id,bytes32 supersedes,uint256 deadline)",
      "RecordBatch(bytes32[] ids,uint256 deadline)",
      "Acceptance(bytes32 id,uint256 deadline)",
      "Repudiation(bytes32 id,uint256 deadline)",
    ]);
  });
});
