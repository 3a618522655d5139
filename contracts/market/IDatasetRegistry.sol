// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantKey} from "../records/Grant.sol";
import {RecordId, RecordState} from "../records/Record.sol";
import {DatasetId, Listing, Membership, Sale, Stock} from "./Dataset.sol";

/**
 * @title IDatasetRegistry
 * @notice The datasets that institutions offer on the {IDataMarket}: accepted records of their own whose patients consent to the market.
 * Sharing is rewarded (the paper's section III-A 1): patient, doctor and institution are each paid, once for a record, when it first comes
 * on sale.
 *
 * A dataset has *versions*: fixed sets of records. Records that are added wait for the next version, records that leave leave with one, and
 * whoever opens a version takes those that wait into it. A record is in one dataset at a time.
 */
interface IDatasetRegistry {
    /// @notice What sharing a record earns, from the registry's emission quota.
    /// @param amount Coin for a record, in wei.
    /// @param patientPart The patient's part of it, in basis points; with `doctorPart` at most 10,000, the institution gets the rest.
    /// @param doctorPart The doctor's part of it, in basis points.
    /// @param leastFloor What a dataset has to promise the creators of a record that is sold ({Listing}'s floor) at least, in wei: selling
    /// to oneself, which moves prices and numbers, then costs something.
    struct SharingReward {
        uint96 amount;
        uint16 patientPart;
        uint16 doctorPart;
        uint80 leastFloor;
    }

    /// @notice `institution` listed a dataset.
    event DatasetListed(
        DatasetId indexed dataset,
        uint16 indexed institution,
        uint8 indexed dataClass,
        Listing listing
    );

    /// @notice Records were added, and join with `version`; `keys` are the grants under which each is listed.
    event RecordsListed(DatasetId indexed dataset, uint32 indexed version, RecordId[] ids, GrantKey[] keys);

    /// @notice Records left; they are in no version from `version` on.
    event RecordsLeft(DatasetId indexed dataset, uint32 indexed version, RecordId[] ids);

    /// @notice `version` is on sale.
    event VersionOpened(DatasetId indexed dataset, uint32 indexed version, uint32 records, uint40 weight);

    /// @notice The provider set the bounds of the price.
    event PricesSet(DatasetId indexed dataset, uint80 lambdaMin, uint80 lambdaMax);

    /// @notice The dataset takes no more orders.
    event DatasetClosed(DatasetId indexed dataset);

    /// @notice A record's sharing reward was emitted.
    event SharingRewardClaimed(RecordId indexed recordId, uint256 patient, uint256 doctor, uint256 institution);

    /// @notice The consortium set what sharing earns.
    event SharingRewardSet(SharingReward reward);

    /// @notice No dataset has this number.
    error DatasetUnknown(DatasetId dataset);

    /// @notice The dataset is of another institution.
    error DatasetNotOf(DatasetId dataset, uint16 institution);

    /// @notice What is listed does not fit: class 24 to 31 with a weight, known and some section classes and purposes, gamma above 0, the
    /// floor at least {SharingReward}'s, `gamma + floor <= lambdaMin <= lambdaMax`, a patients' share, both shares together at most 10,000.
    error ListingInvalid(Listing listing);

    /// @notice The price's bounds must keep `gamma + floor <= lambdaMin <= lambdaMax`.
    error PricesInvalid(uint80 lambdaMin, uint80 lambdaMax, uint80 least);

    /// @notice One call takes 1 to 100 records, with as many keys.
    error RecordCountInvalid(uint256 records, uint256 keys);

    /// @notice The record is not an accepted one of the institution.
    error RecordNotListable(RecordId id, uint16 institution, RecordState state);

    /// @notice The dataset takes no records of this class.
    error RecordClassNotTaken(RecordId id, uint8 dataClass);

    /// @notice The record is in a dataset. Remedy: withdraw it there first.
    error RecordAlreadyListed(RecordId id, DatasetId dataset);

    /// @notice The record was listed as often as it can be.
    error RecordListedTooOften(RecordId id);

    /// @notice The record is not in the dataset (any more).
    error RecordNotListed(RecordId id, DatasetId dataset);

    /// @notice The grant under this key does not let the institution market the record for all of the dataset's purposes and classes.
    error ConsentMissing(RecordId id, GrantKey key);

    /// @notice The record was listed under another grant.
    error GrantKeyMismatch(RecordId id, GrantKey key);

    /// @notice The consent under which the record was listed still holds.
    error ConsentStillValid(RecordId id);

    /// @notice Nothing waits for a next version.
    error NothingJoining(DatasetId dataset);

    /// @notice The dataset is closed.
    error DatasetNotOpen(DatasetId dataset);

    /// @notice The parts of a sharing reward are more than all of it.
    error SharingRewardInvalid(SharingReward reward);

    /// @notice Lists a dataset, still without records. Callable by an active institution.
    /// @return dataset Its number.
    function list(Listing calldata listing) external returns (DatasetId dataset);

    /// @notice Adds records, which join with the next version. Each is an accepted record of the calling institution, of a class that the
    /// dataset takes, in no dataset, and the grant under its key covers the market, all purposes and all section classes of the dataset.
    /// Callable by the provider.
    /// @param dataset The dataset.
    /// @param ids 1 to 100 records; none is added if one fails.
    /// @param keys The grant for each, as {IConsentRegistry-grantKeyOf}; to the institution by number, or to all institutions.
    function addRecords(DatasetId dataset, RecordId[] calldata ids, GrantKey[] calldata keys) external;

    /// @notice Puts a version on sale that holds the records that wait. Callable by the provider.
    function openVersion(DatasetId dataset) external;

    /// @notice Takes records out, with a new version. Callable by the provider.
    /// @param ids 1 to 100 records of the dataset.
    function withdrawRecords(DatasetId dataset, RecordId[] calldata ids) external;

    /// @notice Takes records out whose consent does not cover the dataset any more, or which were superseded. Callable by anyone.
    /// @param ids 1 to 100 records of the dataset.
    /// @param keys The grant under which each was listed.
    function prune(DatasetId dataset, RecordId[] calldata ids, GrantKey[] calldata keys) external;

    /// @notice Sets the bounds of the price. Callable by the provider.
    /// @param lambdaMin In wei, at least `gamma + floor`.
    /// @param lambdaMax In wei, at least `lambdaMin`.
    function setPrices(DatasetId dataset, uint80 lambdaMin, uint80 lambdaMax) external;

    /// @notice Takes the dataset off sale for good. Callable by the provider, and by anyone once its institution is revoked.
    function closeDataset(DatasetId dataset) external;

    /// @notice Emits the sharing rewards of records that were put on sale for the first time, to patient, doctor and institution. What is
    /// not due, because the record was never on sale, its reward is paid or none is set, is passed over. Callable by anyone: it pays
    /// nobody else.
    /// @param ids 1 to 100 records.
    function claimSharingRewards(RecordId[] calldata ids) external;

    /// @notice The dataset as it was listed, with the price's bounds as they are now.
    /// @return listing The listing.
    /// @return institution The provider's number.
    function listingOf(DatasetId dataset) external view returns (Listing memory listing, uint16 institution);

    /// @notice Sets what sharing a record earns; rewards that were not claimed yet follow it. Callable by the consortium.
    function setSharingReward(SharingReward calldata reward) external;

    /// @notice Stops {list}, {addRecords} and {openVersion}. Records still leave, which opens a version as ever: records that wait to join
    /// go on sale with it. Callable by a pauser.
    function pause() external;

    /// @notice Ends a pause. Callable by a pauser.
    function unpause() external;

    /// @notice What sharing a record earns.
    function sharingReward() external view returns (SharingReward memory);

    /// @notice What the market needs to know of a dataset; all zero if there is none.
    function saleOf(DatasetId dataset) external view returns (Sale memory);

    /// @notice The grant under which a version of a dataset holds a record, as {MembershipLib-tagOf} marks it; 0 if it does not hold it.
    function keyTagOf(DatasetId dataset, uint32 version, RecordId id) external view returns (uint128);

    /// @notice The dataset's stock.
    function stockOf(DatasetId dataset) external view returns (Stock memory);

    /// @notice Records and weight that wait for the next version.
    function joiningOf(DatasetId dataset) external view returns (uint32 records, uint40 weight);

    /// @notice A record's last listing; zero if it was never listed.
    function membershipOf(RecordId id) external view returns (Membership memory);

    /// @notice One of a record's listings; zero if it has none of this ordinal.
    /// @param ordinal 0 for the first.
    function membershipAt(RecordId id, uint8 ordinal) external view returns (Membership memory);

    /// @notice Records on sale that are priced as `dataClass`.
    function supplyOf(uint8 dataClass) external view returns (uint32);

    /// @notice How many datasets were listed; their numbers are 1 to this.
    function datasetCount() external view returns (uint32);
}
