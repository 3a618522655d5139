// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {GrantKey} from "../records/Grant.sol";

/// @notice Number of a dataset, from 1.
type DatasetId is uint32;

/**
 * @notice What a provider lists: which records it takes, for what they may be used, and who gets what part of the price. Fixed for good.
 * @param dataClass The record class (24 to 31) as which the dataset is priced.
 * @param weights How much a record of each class counts when creators share, one byte for each of the classes 24 to 31, that of 24 lowest;
 * 0 for a class that the dataset does not take.
 * @param sectionClasses One bit for each section class that is delivered.
 * @param purposes One bit for each purpose for which it may be bought; every consent has to cover all of them, and the market.
 * @param gamma The provider's cost of a record, in wei of coin (gamma in eq. (1)).
 * @param floor What the creators get for a record at least, in wei.
 * @param lambdaMin The lowest price of a record, in wei; at least `gamma + floor`.
 * @param lambdaMax The highest price of a record, in wei.
 * @param patientShare The patients' part of the margin above gamma, in basis points, above 0.
 * @param doctorShare The doctors' part of it, in basis points; both together at most 10,000.
 */
struct Listing {
    uint8 dataClass;
    uint64 weights;
    uint32 sectionClasses;
    uint32 purposes;
    uint80 gamma;
    uint80 floor;
    uint80 lambdaMin;
    uint80 lambdaMax;
    uint16 patientShare;
    uint16 doctorShare;
}

/// @notice A dataset's stock, in one storage slot.
/// @param version The version on sale; 0 before the first.
/// @param records Records in it: the supply.
/// @param weight The sum of their weights.
/// @param open Whether it is on sale; not any more once it is closed.
struct Stock {
    uint32 version;
    uint32 records;
    uint40 weight;
    bool open;
}

/// @notice Prices and owner of a dataset, in one storage slot.
/// @param institution The provider's number.
struct Prices {
    uint80 gamma;
    uint80 lambdaMin;
    uint80 lambdaMax;
    uint16 institution;
}

/// @notice Use and shares of a dataset, in one storage slot; as in {Listing}.
struct Sharing {
    uint80 floor;
    uint16 patientShare;
    uint16 doctorShare;
    uint64 weights;
    uint32 sectionClasses;
    uint32 purposes;
    uint8 dataClass;
}

/// @notice Records that wait for the next version.
struct Joining {
    uint32 records;
    uint40 weight;
}

/**
 * @notice A record's place in a dataset, in one storage slot.
 * @param dataset The dataset.
 * @param joined The first version that holds it.
 * @param left The first version that does not any more; 0 while it stays.
 * @param weight Its weight when creators share.
 * @param ordinal How often it was listed before.
 * @param rewarded Whether its sharing reward was paid, whenever it was listed.
 * @param wasOnSale Whether a version held it when it was listed before.
 * @param keyTag {MembershipLib-tagOf} the grant key under which it was listed.
 */
struct Membership {
    DatasetId dataset;
    uint32 joined;
    uint32 left;
    uint8 weight;
    uint8 ordinal;
    bool rewarded;
    bool wasOnSale;
    uint128 keyTag;
}

/// @notice What the market needs to know of a dataset; as in {Listing}, {Stock} and {Prices}.
struct Sale {
    uint16 institution;
    uint32 version;
    uint32 records;
    uint40 weight;
    bool open;
    uint8 dataClass;
    uint32 purposes;
    uint80 gamma;
    uint80 floor;
    uint80 lambdaMin;
    uint80 lambdaMax;
    uint16 patientShare;
    uint16 doctorShare;
}

/**
 * @title MembershipLib
 * @notice Reads a {Membership}.
 */
library MembershipLib {
    /// @notice Whether `version` of `dataset` holds the record.
    function isIn(Membership memory membership, DatasetId dataset, uint32 version) internal pure returns (bool) {
        if (DatasetId.unwrap(membership.dataset) != DatasetId.unwrap(dataset)) return false;
        return membership.joined <= version && (membership.left == 0 || version < membership.left);
    }

    /// @notice Half of a hash of a grant key, which is enough to know the key again.
    function tagOf(GrantKey key) internal pure returns (uint128) {
        return uint128(uint256(keccak256(abi.encode(key))));
    }
}
