// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Record, RecordId} from "../../contracts/records/Record.sol";
import {RecordRegistry} from "../../contracts/records/RecordRegistry.sol";
import {Healthchain__Harness as Healthchain} from "../doubles/Healthchain__Harness.sol";
import {RecordHandler__Harness as RecordHandler} from "../doubles/RecordHandler__Harness.sol";

/// @notice What is registered stays as it was registered, but for its state, and that moves as it may.
contract RecordRegistryInvariantTest {
    RecordHandler private _handler;
    RecordRegistry private _registry;

    function setUp() external {
        _handler = new RecordHandler(new Healthchain());
        _registry = _handler.registry();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice Patient, date, class, institution and doctor never change; a state only goes from asserted to accepted or repudiated, and
    /// from accepted to superseded; no id registers twice: the handler allows nothing else, and the registry agrees with it.
    /// hardhat-config: invariant.failOnRevert = true
    function invariant_RecordsStandAsRegistered() external view {
        for (uint256 i = 0; i < _handler.length(); ++i) {
            (RecordId id, Record expected) = _handler.expectedAt(i);
            assert(Record.unwrap(_registry.records(id)) == Record.unwrap(expected));
        }
    }
}
