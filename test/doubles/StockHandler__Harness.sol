// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DatasetId} from "../../contracts/market/Dataset.sol";
import {GrantKey, Terms} from "../../contracts/records/Grant.sol";
import {RecordId} from "../../contracts/records/Record.sol";
import {MarketModel__Harness as MarketModel} from "./MarketModel__Harness.sol";
import {vm} from "./Vm.sol";

/**
 * @title StockHandler__Harness
 * @notice Lets patients grant and revoke, the hospital add and withdraw records, and anybody prune and claim rewards, at random, and tells
 * the model the same. What the registry must refuse is tried too: if it goes through, the action fails.
 */
abstract contract StockHandler__Harness is MarketModel {
    /// @dev A record may be listed so often.
    uint256 private constant MOST_STAYS = 8;

    /// @notice The time of the next action, kept here so that it does not depend on the runner.
    uint256 public clock = block.timestamp;
    uint256 public actions;

    /// @notice How often each action went through: whoever changes one sees here whether it still does anything.
    mapping(bytes4 action => uint256) public succeeded;

    /// @dev Five records are on sale in the first dataset and three in the second from the start, under both kinds of grants.
    constructor() {
        for (uint256 i = 0; i < PATIENTS; ++i) {
            for (uint256 kind = 0; kind < KINDS; ++kind) _grant(i, kind);
        }
        for (uint256 i = 0; i < RECORDS; ++i) {
            uint256 dataset = i < 5 ? 0 : 1;
            vm.prank(_hospital);
            registry.addRecords(_dataset(dataset), _one(_ids[i]), _one(_keys[_patientOf(i)][i % KINDS]));
            _stays[i].push(Stay(dataset, 1, 0, i % KINDS));
        }
        for (uint256 i = 0; i < DATASETS; ++i) {
            vm.prank(_hospital);
            registry.openVersion(_dataset(i));
            _versions[i] = 1;
        }
    }

    function grant(uint24 step, uint8 who, uint8 kind) external {
        _tick(step);
        _grant(who % PATIENTS, kind % KINDS);
        _done();
    }

    function revoke(uint24 step, uint8 who, uint8 kind) external {
        _tick(step);
        (uint256 patient, uint256 to) = (who % PATIENTS, kind % KINDS);
        // Not so often that nothing is on sale.
        if (!_isConsented(patient, to) || kind % 16 > 3) return;
        bool isAll = kind % 16 == 3;
        if (isAll && !_hasJustRevokedAll(patient)) _revocations[patient].push(clock);
        vm.prank(_patients[patient]);
        if (isAll) _consents.revokeAll();
        else _consents.revoke(_everything(), _recipientOf(to));
        for (uint256 i = 0; i < KINDS; ++i) {
            if ((i == to || isAll) && _isConsented(patient, i)) _end(patient, i, isAll);
        }
        _done();
    }

    function addRecord(uint24 step, uint8 which, uint8 where, uint8 kind) external {
        _tick(step);
        (uint256 record, uint256 dataset, uint256 under) = (which % RECORDS, where % DATASETS, kind % KINDS);
        uint256 patient = _patientOf(record);
        bool mayJoin = !_isListed(record) && _stays[record].length < MOST_STAYS && _isConsented(patient, under);
        vm.prank(_hospital);
        try registry.addRecords(_dataset(dataset), _one(_ids[record]), _one(_keys[patient][under])) {
            assert(mayJoin);
            _stays[record].push(Stay(dataset, _versions[dataset] + 1, 0, under));
            _done();
        } catch {
            assert(!mayJoin);
        }
    }

    function openVersion(uint24 step, uint8 where) external {
        _tick(step);
        uint256 dataset = where % DATASETS;
        vm.prank(_hospital);
        try registry.openVersion(_dataset(dataset)) {
            assert(_isJoining(dataset));
            ++_versions[dataset];
            _done();
        } catch {
            assert(!_isJoining(dataset));
        }
    }

    function withdraw(uint24 step, uint8 which, uint8 where) external {
        _tick(step);
        uint256 record = which % RECORDS;
        // Mostly where it is, often while it waits, and not so often that nothing is on sale.
        if (where % 16 > 2 && !_isWaiting(record)) return;
        uint256 dataset = where % 16 == 2 ? (where >> 4) % DATASETS : _datasetOf(record);
        bool isThere = _isListed(record) && _datasetOf(record) == dataset;
        vm.prank(_hospital);
        try registry.withdrawRecords(_dataset(dataset), _one(_ids[record])) {
            assert(isThere);
            _leave(record, dataset);
        } catch {
            assert(!isThere);
        }
    }

    function prune(uint24 step, uint8 which, uint8 where, uint8 kind) external {
        _tick(step);
        uint256 record = which % RECORDS;
        uint256 dataset = where % 8 == 3 ? (where >> 3) % DATASETS : _datasetOf(record);
        uint256 patient = _patientOf(record);
        uint256 under = kind % 8 == 3 || !_isListed(record) ? (kind >> 3) % KINDS : _lastOf(record).kind;
        bool isThere = _isListed(record) && _datasetOf(record) == dataset && _lastOf(record).kind == under;
        bool mayGo = isThere && !_isConsented(patient, under);
        try registry.prune(_dataset(dataset), _one(_ids[record]), _one(_keys[patient][under])) {
            assert(mayGo);
            _leave(record, dataset);
        } catch {
            assert(!mayGo);
        }
    }

    function claimSharingReward(uint24 step, uint8 which) external {
        _tick(step);
        uint256 record = which % RECORDS;
        bool isDue = _wasOnSale(record) && !_isRewarded[record];
        bool isFit = !isDue || _rewards + REWARD <= QUOTA;
        try registry.claimSharingRewards(_one(_ids[record])) {
            assert(isFit);
            if (!isDue) return;
            _isRewarded[record] = true;
            _rewards += REWARD;
            _done();
        } catch {
            assert(!isFit);
        }
    }

    /// @notice Moves the price's bounds, mostly a little.
    function setPrices(uint24 step, uint8 where, uint8 least, uint8 most) external {
        _tick(step);
        uint256 dataset = where % DATASETS;
        uint256 unit = _unitOf(dataset);
        uint256 lambdaMin = unit * (9 + (least % 8));
        uint256 lambdaMax = lambdaMin + unit * (most % 32 == 7 ? 0 : most % 32) - (most % 32 == 7 ? 1 : 0);
        bool isFit = lambdaMin >= unit * (GAMMA + FLOOR) && lambdaMin <= lambdaMax;
        vm.prank(_hospital);
        try registry.setPrices(_dataset(dataset), uint80(lambdaMin), uint80(lambdaMax)) {
            assert(isFit);
            _done();
        } catch {
            assert(!isFit);
        }
    }

    /// @notice Whether the registry has this record in the versions in which the model has it.
    function isInBooks(uint256 record, uint256 dataset) external view returns (bool) {
        for (uint256 version = 0; version <= _versions[dataset] + 1; ++version) {
            bool holds = registry.keyTagOf(_dataset(dataset), uint32(version), _ids[record]) != 0;
            if (holds != _holds(record, dataset, version)) return false;
        }
        return true;
    }

    /// @notice Records and weight of a version by the model: of the one on sale, or as it is to be.
    function contentOf(uint256 dataset, uint256 version) external view returns (uint256 count, uint256 weight) {
        return _contentOf(dataset, version);
    }

    function versionOf(uint256 dataset) external view returns (uint256) {
        return _versions[dataset];
    }

    function rewards() external view returns (uint256) {
        return _rewards;
    }

    function _grant(uint256 patient, uint256 kind) private {
        Terms memory terms = Terms(PURPOSES, SECTIONS, 0, uint40(clock + 36_500 days));
        vm.prank(_patients[patient]);
        _consents.grant(_everything(), _recipientOf(kind), terms);
        // Revoking everything also ends what is granted later in the same second.
        _consentOf[patient][kind] = Consent(clock, 0, false);
        if (_hasJustRevokedAll(patient)) _end(patient, kind, true);
    }

    function _end(uint256 patient, uint256 kind, bool isByAll) private {
        (_consentOf[patient][kind].end, _consentOf[patient][kind].isByAll) = (clock, isByAll);
    }

    function _hasJustRevokedAll(uint256 patient) private view returns (bool) {
        uint256 count = _revocations[patient].length;
        return count != 0 && _revocations[patient][count - 1] == clock;
    }

    function _leave(uint256 record, uint256 dataset) private {
        ++_versions[dataset];
        _stays[record][_stays[record].length - 1].left = _versions[dataset];
        _done();
    }

    function _tick(uint24 step) internal {
        // Often at the same second.
        if (step % 4 != 3) clock += step % (WINDOW / 64);
        ++actions;
        vm.warp(clock);
    }

    function _done() internal {
        ++succeeded[msg.sig];
    }

    function _dataset(uint256 index) internal pure returns (DatasetId) {
        return DatasetId.wrap(uint32(index + 1));
    }

    function _one(RecordId id) internal pure returns (RecordId[] memory ids) {
        ids = new RecordId[](1);
        ids[0] = id;
    }

    function _one(GrantKey key) internal pure returns (GrantKey[] memory keys) {
        keys = new GrantKey[](1);
        keys[0] = key;
    }

    function _lastOf(uint256 record) private view returns (Stay memory) {
        return _stays[record][_stays[record].length - 1];
    }

    function _datasetOf(uint256 record) private view returns (uint256) {
        return _stays[record].length == 0 ? 0 : _lastOf(record).dataset;
    }

    function _isWaiting(uint256 record) private view returns (bool) {
        return _isListed(record) && _lastOf(record).joined > _versions[_lastOf(record).dataset];
    }

    function _isJoining(uint256 dataset) private view returns (bool) {
        (uint256 count, ) = _contentOf(dataset, _versions[dataset] + 1);
        (uint256 current, ) = _contentOf(dataset, _versions[dataset]);
        return count > current;
    }
}
