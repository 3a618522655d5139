// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {OrderState} from "../../contracts/market/Order.sol";
import {Market__Harness} from "./Market__Harness.sol";

/**
 * @title MarketModel__Harness
 * @notice What the market should come to, kept in the plainest way: every listing of a record is a row, every sum is added up anew. Records,
 * patients, grants, buyers and datasets go by their index.
 */
abstract contract MarketModel__Harness is Market__Harness {
    uint256 private constant BASIS_POINTS = 10_000;

    /// @notice A record's stay in a dataset, from one version to before another; `left` is 0 while it stays.
    struct Stay {
        uint256 dataset;
        uint256 joined;
        uint256 left;
        uint256 kind;
    }

    /// @notice A patient's grant: from when to when it holds, 0 while it does, and whether it ended with all others; none while `from` is 0.
    struct Consent {
        uint256 from;
        uint256 end;
        bool isByAll;
    }

    /// @notice An order as it should be.
    struct Sale {
        OrderState state;
        uint256 buyer;
        uint256 dataset;
        uint256 version;
        uint256 amount;
        uint256 price;
        uint256 deadline;
        uint256 asOf;
        uint256 delivered;
        uint256 leafRecord;
        uint256 leafPatient;
        uint256 leafKind;
        uint256 escrow;
    }

    Stay[][RECORDS] internal _stays;
    uint256[DATASETS] internal _versions;
    Consent[KINDS][PATIENTS] internal _consentOf;
    /// @dev When each patient revoked everything, in order, every second once.
    uint256[][PATIENTS] internal _revocations;
    Sale[] internal _sales;

    /// @dev What the creators of a version were credited, sale by sale.
    mapping(uint256 dataset => mapping(uint256 version => uint256)) internal _pot;
    mapping(uint256 dataset => mapping(uint256 version => uint256)) internal _salesOf;
    /// @dev What was claimed of it, by all and by a record, and how often.
    mapping(uint256 dataset => mapping(uint256 version => uint256)) internal _claimed;
    mapping(uint256 record => mapping(uint256 dataset => mapping(uint256 version => uint256))) internal _claimedBy;
    mapping(uint256 record => mapping(uint256 dataset => mapping(uint256 version => uint256))) internal _claimsBy;
    uint256 internal _income;
    uint256 internal _rewards;
    mapping(uint256 record => bool) internal _isRewarded;

    function _isIn(Stay memory stay, uint256 dataset, uint256 version) internal pure returns (bool) {
        return stay.dataset == dataset && stay.joined <= version && (stay.left == 0 || version < stay.left);
    }

    /// @dev Whether a version holds, or is to hold, a record.
    function _holds(uint256 record, uint256 dataset, uint256 version) internal view returns (bool) {
        for (uint256 i = 0; i < _stays[record].length; ++i) {
            if (_isIn(_stays[record][i], dataset, version)) return true;
        }
        return false;
    }

    /// @dev Whether a version holds a record under a kind of grant.
    function _holdsUnder(uint256 record, uint256 dataset, uint256 version, uint256 kind) internal view returns (bool) {
        for (uint256 i = 0; i < _stays[record].length; ++i) {
            Stay memory stay = _stays[record][i];
            if (stay.kind == kind && _isIn(stay, dataset, version)) return true;
        }
        return false;
    }

    /// @dev Records of a version, and the sum of their weights.
    function _contentOf(uint256 dataset, uint256 version) internal view returns (uint256 count, uint256 weight) {
        for (uint256 i = 0; i < RECORDS; ++i) {
            if (!_holds(i, dataset, version)) continue;
            ++count;
            weight += _weightOf(i);
        }
    }

    function _isListed(uint256 record) internal view returns (bool) {
        uint256 count = _stays[record].length;
        return count != 0 && _stays[record][count - 1].left == 0;
    }

    /// @dev Whether a record was ever in a version that was on sale.
    function _wasOnSale(uint256 record) internal view returns (bool) {
        for (uint256 i = 0; i < _stays[record].length; ++i) {
            Stay memory stay = _stays[record][i];
            if (stay.joined != stay.left && stay.joined <= _versions[stay.dataset]) return true;
        }
        return false;
    }

    function _isConsented(uint256 patient, uint256 kind) internal view returns (bool) {
        Consent memory consent = _consentOf[patient][kind];
        return consent.from != 0 && consent.end == 0;
    }

    /// @dev Whether it is provable that there was no consent under a key at a time.
    function _isRefuted(uint256 patient, uint256 kind, uint256 time) internal view returns (bool) {
        Consent memory consent = _consentOf[patient][kind];
        if (consent.from == 0) return true;
        if (consent.from > time) return false;
        if (!consent.isByAll) return consent.end != 0 && consent.end <= time;
        // Of revocations of everything the last five are known, and one of them came after the grant.
        uint256[] storage revocations = _revocations[patient];
        uint256 first = revocations.length < 5 ? 0 : revocations.length - 5;
        while (revocations[first] < consent.from) ++first;
        return revocations[first] <= time;
    }

    function _isFraud(Sale memory sale) internal view returns (bool) {
        return
            !_holdsUnder(sale.leafRecord, sale.dataset, sale.version, sale.leafKind) ||
            sale.leafPatient != _patientOf(sale.leafRecord) ||
            _isRefuted(sale.leafPatient, sale.leafKind, sale.asOf);
    }

    /// @dev The creators' part of an order that is released: of the margin, or the floor.
    function _creatorsOf(Sale memory sale) internal pure returns (uint256 creators) {
        uint256 unit = _unitOf(sale.dataset);
        uint256 margin = (sale.price - GAMMA * unit) * sale.delivered;
        creators = (margin * (PATIENT_SHARE + DOCTOR_SHARE)) / BASIS_POINTS;
        uint256 least = FLOOR * unit * sale.delivered;
        if (creators < least) creators = least;
    }

    function _release(Sale storage sale) internal {
        uint256 creators = _creatorsOf(sale);
        _pot[sale.dataset][sale.version] += creators;
        ++_salesOf[sale.dataset][sale.version];
        _income += sale.escrow - creators;
        sale.escrow = 0;
        sale.state = OrderState.Released;
    }
}
