// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ConsentRegistry} from "../../contracts/records/ConsentRegistry.sol";
import {GrantKey} from "../../contracts/records/Grant.sol";
import {RecordId} from "../../contracts/records/Record.sol";
import {ConsentHandler__Harness as ConsentHandler} from "../doubles/ConsentHandler__Harness.sol";
import {ConsentModel__Harness as ConsentModel} from "../doubles/ConsentModel__Harness.sol";
import {Healthchain__Harness as Healthchain} from "../doubles/Healthchain__Harness.sol";
import {vm} from "../doubles/Vm.sol";

/// @notice Whatever patients do in whatever order, the registry permits what the model permits, and nothing else.
contract ConsentRegistryInvariantTest {
    ConsentHandler private _handler;
    ConsentRegistry private _registry;
    ConsentModel private _model;

    function setUp() external {
        Healthchain healthchain = new Healthchain();
        _handler = new ConsentHandler(healthchain);
        _registry = _handler.registry();
        _model = _handler.model();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @notice Nobody outside a grant is ever permitted, and nobody inside is refused.
    /// hardhat-config: invariant.failOnRevert = true
    function invariant_PermitsAsTheModelDoes() external {
        vm.warp(_handler.clock());
        // A different purpose and class after each action: the clock moves with all of them.
        uint8 purpose = uint8(_handler.clock() % 7);
        uint8 dataClass = uint8((_handler.clock() / 7) % 5);
        ConsentModel.Subject[] memory subjects = _handler.subjects();
        ConsentModel.Requester[] memory requesters = _handler.requesters();
        for (uint256 i = 0; i < subjects.length; ++i) {
            RecordId id = RecordId.wrap(subjects[i].id);
            for (uint256 j = 0; j < requesters.length; ++j) {
                bool expected = _model.permits(subjects[i], requesters[j], purpose, dataClass);
                assert(_registry.isPermitted(id, requesters[j].wallet, purpose, dataClass) == expected);
            }
        }
    }

    /// @notice What is over permits nothing under its key, however time goes on, until it is granted anew.
    /// hardhat-config: invariant.failOnRevert = true
    function invariant_WhatIsOverStaysOver() external {
        vm.warp(_handler.clock());
        ConsentModel.Subject[] memory subjects = _handler.subjects();
        ConsentModel.Requester[] memory requesters = _handler.requesters();
        ConsentModel.Requester memory requester = requesters[_handler.clock() % requesters.length];
        for (uint256 i = 0; i < _model.length(); ++i) {
            if (!_model.isLatest(i)) continue;
            ConsentModel.Granted memory granted = _model.grantAt(i);
            GrantKey key = _registry.grantKeyOf(granted.patient, granted.scope, granted.recipient);
            ConsentModel.Subject memory subject = subjects[i % subjects.length];
            bool expected = _model.admits(i, subject, requester, 0, 0);
            assert(_registry.isPermitted(key, RecordId.wrap(subject.id), requester.wallet, 0, 0) == expected);
        }
    }
}
