// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {Governed} from "../Governed.sol";
import {Account, Role, Status} from "../accounts/Account.sol";
import {AccountReader} from "../accounts/AccountReader.sol";
import {IAccountCenter} from "../accounts/IAccountCenter.sol";
import {DataClass} from "../records/DataClass.sol";
import {GrantKey} from "../records/Grant.sol";
import {IMedicalCoin} from "../coin/IMedicalCoin.sol";
import {IConsentRegistry} from "../records/IConsentRegistry.sol";
import {IRecordRegistry} from "../records/IRecordRegistry.sol";
import {PurposeOfUse} from "../records/PurposeOfUse.sol";
import {Record, RecordId, RecordState} from "../records/Record.sol";
import {RecordReader} from "../records/RecordReader.sol";
import {DatasetId, Joining, Listing, Membership, MembershipLib, Prices, Sale, Sharing, Stock} from "./Dataset.sol";
import {IDatasetRegistry} from "./IDatasetRegistry.sol";

/**
 * @title DatasetRegistry
 * @notice The datasets that institutions offer. {IDatasetRegistry} says what each function promises.
 */
contract DatasetRegistry is IDatasetRegistry, Governed, Pausable {
    using AccountReader for IAccountCenter;
    using RecordReader for IRecordRegistry;
    using MembershipLib for Membership;

    uint256 private constant MAX_BATCH_SIZE = 100;
    uint256 private constant BASIS_POINTS = 10_000;

    /// @inheritdoc IDatasetRegistry
    uint32 public datasetCount;

    /// @notice Says who is certified.
    IAccountCenter public immutable accountCenter;

    /// @notice The index of the records.
    IRecordRegistry public immutable recordRegistry;

    /// @notice The patients' consent.
    IConsentRegistry public immutable consentRegistry;

    /// @notice What sharing earns.
    IMedicalCoin public immutable medicalCoin;

    /// @inheritdoc IDatasetRegistry
    mapping(uint8 dataClass => uint32) public supplyOf;

    mapping(DatasetId dataset => Stock) private _stocks;

    mapping(DatasetId dataset => Prices) private _prices;

    mapping(DatasetId dataset => Sharing) private _sharings;

    mapping(DatasetId dataset => Joining) private _joinings;

    mapping(RecordId id => Membership) private _memberships;

    mapping(RecordId id => mapping(uint8 ordinal => Membership)) private _formerMemberships;

    SharingReward private _sharingReward;

    /// @param consortium The access manager.
    /// @param consentRegistry_ The patients' consent.
    /// @param recordRegistry_ The index of the records.
    /// @param accountCenter_ The account center.
    /// @param medicalCoin_ The coin.
    /// @param reward What sharing earns to begin with.
    constructor(
        address consortium,
        IConsentRegistry consentRegistry_,
        IRecordRegistry recordRegistry_,
        IAccountCenter accountCenter_,
        IMedicalCoin medicalCoin_,
        SharingReward memory reward
    ) Governed(consortium) {
        consentRegistry = consentRegistry_;
        recordRegistry = recordRegistry_;
        accountCenter = accountCenter_;
        medicalCoin = medicalCoin_;
        _setSharingReward(reward);
    }

    /// @inheritdoc IDatasetRegistry
    function list(Listing calldata listing) external whenNotPaused returns (DatasetId dataset) {
        uint16 institution = _institution();
        _checkListing(listing);
        dataset = DatasetId.wrap(++datasetCount);
        _prices[dataset] = Prices(listing.gamma, listing.lambdaMin, listing.lambdaMax, institution);
        _sharings[dataset] = Sharing(
            listing.floor,
            listing.patientShare,
            listing.doctorShare,
            listing.weights,
            listing.sectionClasses,
            listing.purposes,
            listing.dataClass
        );
        _stocks[dataset].open = true;
        emit DatasetListed(dataset, institution, listing.dataClass, listing);
    }

    /// @inheritdoc IDatasetRegistry
    function addRecords(DatasetId dataset, RecordId[] calldata ids, GrantKey[] calldata keys) external whenNotPaused {
        uint16 institution = _provider(dataset);
        if (!_stocks[dataset].open) revert DatasetNotOpen(dataset);
        if (ids.length == 0 || ids.length > MAX_BATCH_SIZE || keys.length != ids.length) {
            revert RecordCountInvalid(ids.length, keys.length);
        }
        Sharing memory sharing = _sharings[dataset];
        uint32 version = _stocks[dataset].version + 1;
        uint256 weight = 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            weight += _addRecord(dataset, ids[i], keys[i], institution, version, sharing);
        }
        Joining storage joining = _joinings[dataset];
        joining.records += uint32(ids.length);
        joining.weight += uint40(weight);
        emit RecordsListed(dataset, version, ids, keys);
    }

    /// @inheritdoc IDatasetRegistry
    function openVersion(DatasetId dataset) external whenNotPaused {
        _provider(dataset);
        if (!_stocks[dataset].open) revert DatasetNotOpen(dataset);
        if (_joinings[dataset].records == 0) revert NothingJoining(dataset);
        _openVersion(dataset, 0, 0);
    }

    /// @inheritdoc IDatasetRegistry
    function withdrawRecords(DatasetId dataset, RecordId[] calldata ids) external {
        _provider(dataset);
        if (ids.length == 0 || ids.length > MAX_BATCH_SIZE) revert RecordCountInvalid(ids.length, ids.length);
        _leave(dataset, ids);
    }

    /// @inheritdoc IDatasetRegistry
    function prune(DatasetId dataset, RecordId[] calldata ids, GrantKey[] calldata keys) external {
        if (ids.length == 0 || ids.length > MAX_BATCH_SIZE || keys.length != ids.length) {
            revert RecordCountInvalid(ids.length, keys.length);
        }
        uint16 institution = _prices[dataset].institution;
        Sharing memory sharing = _sharings[dataset];
        for (uint256 i = 0; i < ids.length; ++i) {
            if (_memberships[ids[i]].keyTag != MembershipLib.tagOf(keys[i])) revert GrantKeyMismatch(ids[i], keys[i]);
            if (
                recordRegistry.read(ids[i]).isIn(RecordState.Accepted) &&
                _isConsented(ids[i], keys[i], institution, sharing)
            ) revert ConsentStillValid(ids[i]);
        }
        _leave(dataset, ids);
    }

    /// @inheritdoc IDatasetRegistry
    function setPrices(DatasetId dataset, uint80 lambdaMin, uint80 lambdaMax) external {
        _provider(dataset);
        uint80 least = _prices[dataset].gamma + _sharings[dataset].floor;
        if (lambdaMin < least || lambdaMax < lambdaMin) revert PricesInvalid(lambdaMin, lambdaMax, least);
        _prices[dataset].lambdaMin = lambdaMin;
        _prices[dataset].lambdaMax = lambdaMax;
        emit PricesSet(dataset, lambdaMin, lambdaMax);
    }

    /// @inheritdoc IDatasetRegistry
    function closeDataset(DatasetId dataset) external {
        // A revocation is for good, and leaves nobody who could.
        address provider = accountCenter.institutionWallet(_prices[dataset].institution);
        if (accountCenter.read(provider).status() != Status.Revoked) _provider(dataset);
        Stock storage stock = _stocks[dataset];
        if (!stock.open) revert DatasetNotOpen(dataset);
        stock.open = false;
        supplyOf[_sharings[dataset].dataClass] -= stock.records;
        emit DatasetClosed(dataset);
    }

    /// @inheritdoc IDatasetRegistry
    function claimSharingRewards(RecordId[] calldata ids) external {
        if (ids.length == 0 || ids.length > MAX_BATCH_SIZE) revert RecordCountInvalid(ids.length, ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            _claimSharingReward(ids[i]);
        }
    }

    /// @inheritdoc IDatasetRegistry
    function setSharingReward(SharingReward calldata reward) external restricted {
        _setSharingReward(reward);
    }

    /// @inheritdoc IDatasetRegistry
    function pause() external restricted {
        _pause();
    }

    /// @inheritdoc IDatasetRegistry
    function unpause() external restricted {
        _unpause();
    }

    /// @inheritdoc IDatasetRegistry
    function listingOf(DatasetId dataset) external view returns (Listing memory listing, uint16 institution) {
        Prices memory prices = _prices[dataset];
        Sharing memory sharing = _sharings[dataset];
        listing = Listing({
            dataClass: sharing.dataClass,
            weights: sharing.weights,
            sectionClasses: sharing.sectionClasses,
            purposes: sharing.purposes,
            gamma: prices.gamma,
            floor: sharing.floor,
            lambdaMin: prices.lambdaMin,
            lambdaMax: prices.lambdaMax,
            patientShare: sharing.patientShare,
            doctorShare: sharing.doctorShare
        });
        institution = prices.institution;
    }

    /// @inheritdoc IDatasetRegistry
    function stockOf(DatasetId dataset) external view returns (Stock memory) {
        return _stocks[dataset];
    }

    /// @inheritdoc IDatasetRegistry
    function joiningOf(DatasetId dataset) external view returns (uint32 records, uint40 weight) {
        Joining storage joining = _joinings[dataset];
        return (joining.records, joining.weight);
    }

    /// @inheritdoc IDatasetRegistry
    function membershipOf(RecordId id) external view returns (Membership memory) {
        return _memberships[id];
    }

    /// @inheritdoc IDatasetRegistry
    function membershipAt(RecordId id, uint8 ordinal) external view returns (Membership memory) {
        return _membershipAt(id, ordinal);
    }

    /// @inheritdoc IDatasetRegistry
    function sharingReward() external view returns (SharingReward memory) {
        return _sharingReward;
    }

    /// @inheritdoc IDatasetRegistry
    function saleOf(DatasetId dataset) external view returns (Sale memory) {
        Stock memory stock = _stocks[dataset];
        Prices memory prices = _prices[dataset];
        Sharing memory sharing = _sharings[dataset];
        return
            Sale({
                institution: prices.institution,
                version: stock.version,
                records: stock.records,
                weight: stock.weight,
                open: stock.open,
                dataClass: sharing.dataClass,
                purposes: sharing.purposes,
                gamma: prices.gamma,
                floor: sharing.floor,
                lambdaMin: prices.lambdaMin,
                lambdaMax: prices.lambdaMax,
                patientShare: sharing.patientShare,
                doctorShare: sharing.doctorShare
            });
    }

    /// @inheritdoc IDatasetRegistry
    function keyTagOf(DatasetId dataset, uint32 version, RecordId id) external view returns (uint128) {
        uint8 last = _memberships[id].ordinal;
        for (uint8 ordinal = 0; ordinal <= last; ++ordinal) {
            Membership memory membership = _membershipAt(id, ordinal);
            if (membership.isIn(dataset, version)) return membership.keyTag;
        }
        return 0;
    }

    /// @dev The number of the calling institution.
    function _institution() private view returns (uint16) {
        Account account = accountCenter.read(msg.sender);
        account.requireActive(msg.sender, Role.Institution);
        return account.institution();
    }

    /// @dev The number of the calling institution, whose dataset it is.
    function _provider(DatasetId dataset) private view returns (uint16 institution) {
        institution = _prices[dataset].institution;
        if (institution == 0) revert DatasetUnknown(dataset);
        if (_institution() != institution) revert DatasetNotOf(dataset, institution);
    }

    function _membershipAt(RecordId id, uint8 ordinal) private view returns (Membership memory) {
        Membership memory current = _memberships[id];
        return ordinal == current.ordinal ? current : _formerMemberships[id][ordinal];
    }

    function _addRecord(
        DatasetId dataset,
        RecordId id,
        GrantKey key,
        uint16 institution,
        uint32 version,
        Sharing memory sharing
    ) private returns (uint8 weight) {
        Record record = recordRegistry.read(id);
        if (!record.isIn(RecordState.Accepted) || record.institution() != institution) {
            revert RecordNotListable(id, institution, record.state());
        }
        uint256 position = record.dataClass() - DataClass.FIRST_OF_RECORDS;
        weight = uint8(sharing.weights >> (8 * position));
        if (weight == 0) revert RecordClassNotTaken(id, record.dataClass());
        if (!_isConsented(id, key, institution, sharing)) revert ConsentMissing(id, key);

        Membership memory membership = _memberships[id];
        if (DatasetId.unwrap(membership.dataset) != 0) _shelve(id, membership);
        membership.dataset = dataset;
        membership.joined = version;
        membership.left = 0;
        membership.weight = weight;
        membership.keyTag = MembershipLib.tagOf(key);
        _memberships[id] = membership;
    }

    /// @dev Keeps a listing that is over, for the claims on it.
    function _shelve(RecordId id, Membership memory membership) private {
        if (membership.left == 0) revert RecordAlreadyListed(id, membership.dataset);
        // Whoever searches the listings of a record has an end to it.
        if (membership.ordinal == 7) revert RecordListedTooOften(id);
        _formerMemberships[id][membership.ordinal] = membership;
        if (membership.left != membership.joined) membership.wasOnSale = true;
        ++membership.ordinal;
    }

    function _leave(DatasetId dataset, RecordId[] calldata ids) private {
        uint32 version = _stocks[dataset].version + 1;
        Joining memory joining = _joinings[dataset];
        uint32 records = 0;
        uint40 weight = 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            Membership storage membership = _memberships[ids[i]];
            bool isHere = DatasetId.unwrap(membership.dataset) == DatasetId.unwrap(dataset);
            if (!isHere || membership.left != 0) revert RecordNotListed(ids[i], dataset);
            membership.left = version;
            if (membership.joined == version) {
                --joining.records;
                joining.weight -= membership.weight;
            } else {
                ++records;
                weight += membership.weight;
            }
        }
        _joinings[dataset] = joining;
        emit RecordsLeft(dataset, version, ids);
        _openVersion(dataset, records, weight);
    }

    /// @dev The next version: what is on sale, with what waits and without what leaves.
    function _openVersion(DatasetId dataset, uint32 leftRecords, uint40 leftWeight) private {
        Stock memory stock = _stocks[dataset];
        Joining memory joining = _joinings[dataset];
        ++stock.version;
        stock.records = stock.records + joining.records - leftRecords;
        stock.weight = stock.weight + joining.weight - leftWeight;
        _stocks[dataset] = stock;
        delete _joinings[dataset];
        if (stock.open) {
            uint8 dataClass = _sharings[dataset].dataClass;
            supplyOf[dataClass] = supplyOf[dataClass] + joining.records - leftRecords;
        }
        emit VersionOpened(dataset, stock.version, stock.records, stock.weight);
    }

    function _claimSharingReward(RecordId id) private {
        Membership storage membership = _memberships[id];
        bool isOnSale =
            membership.joined != 0 &&
                membership.joined != membership.left &&
                membership.joined <= _stocks[membership.dataset].version;
        if ((!isOnSale && !membership.wasOnSale) || membership.rewarded) return;
        SharingReward memory reward = _sharingReward;
        // Nothing is set yet, or any more: the reward waits.
        if (reward.amount == 0) return;
        membership.rewarded = true;
        uint256 patient = (uint256(reward.amount) * reward.patientPart) / BASIS_POINTS;
        uint256 doctor = (uint256(reward.amount) * reward.doctorPart) / BASIS_POINTS;
        uint256 institution = reward.amount - patient - doctor;
        emit SharingRewardClaimed(id, patient, doctor, institution);
        Record record = recordRegistry.read(id);
        medicalCoin.mint(record.patient(), patient);
        medicalCoin.mint(accountCenter.professionalWallet(record.doctor()), doctor);
        medicalCoin.mint(accountCenter.institutionWallet(record.institution()), institution);
    }

    function _setSharingReward(SharingReward memory reward) private {
        if (uint256(reward.patientPart) + reward.doctorPart > BASIS_POINTS) revert SharingRewardInvalid(reward);
        _sharingReward = reward;
        emit SharingRewardSet(reward);
    }

    function _isConsented(
        RecordId id,
        GrantKey key,
        uint16 institution,
        Sharing memory sharing
    ) private view returns (bool) {
        uint32 purposes = sharing.purposes | PurposeOfUse.MARKET;
        return consentRegistry.coversInstitution(key, id, institution, purposes, sharing.sectionClasses);
    }

    function _checkListing(Listing calldata listing) private view {
        bool isPriced =
            DataClass.isOfRecord(listing.dataClass) &&
                uint8(listing.weights >> (8 * (listing.dataClass - DataClass.FIRST_OF_RECORDS))) != 0;
        bool isUsable =
            listing.purposes != 0 &&
                listing.purposes & ~PurposeOfUse.KNOWN == 0 &&
                listing.sectionClasses != 0 &&
                listing.sectionClasses >> DataClass.FIRST_OF_RECORDS == 0;
        uint256 shares = uint256(listing.patientShare) + listing.doctorShare;
        bool isShared = listing.patientShare != 0 && shares <= BASIS_POINTS;
        bool isPaying =
            listing.gamma != 0 &&
                listing.floor >= _sharingReward.leastFloor &&
                uint256(listing.gamma) + listing.floor <= listing.lambdaMin &&
                listing.lambdaMin <= listing.lambdaMax;
        if (!isPriced || !isUsable || !isShared || !isPaying) revert ListingInvalid(listing);
    }
}
