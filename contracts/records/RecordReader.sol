// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {WordReader} from "../WordReader.sol";
import {IRecordRegistry} from "./IRecordRegistry.sol";
import {Record, RecordId} from "./Record.sol";

/**
 * @title RecordReader
 * @notice {IRecordRegistry-records}, cheaper.
 */
library RecordReader {
    function read(IRecordRegistry recordRegistry, RecordId id) internal view returns (Record) {
        bytes32 argument = RecordId.unwrap(id);
        return Record.wrap(WordReader.read(address(recordRegistry), IRecordRegistry.records.selector, argument));
    }
}
