// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {DatasetId} from "./Dataset.sol";

/**
 * @notice A provider's offer in a round of the clearing, in one storage slot:
 *
 *     bits 0-31 dataset | 32-111 cost | 112-127 institution | 128-151 capacity
 *
 * `cost` is the least price at which the provider sells, in wei of coin a record; `institution` is the provider's number; `capacity` is how
 * many records it sells at most.
 */
type Offer is uint256;

using OfferLib for Offer global;

/**
 * @title OfferLib
 * @notice Reads an {Offer}.
 */
library OfferLib {
    uint256 private constant CAPACITY = 128;

    function pack(
        DatasetId dataset_,
        uint80 cost_,
        uint16 institution_,
        uint24 capacity_
    ) internal pure returns (Offer) {
        return
            Offer.wrap(
                uint256(DatasetId.unwrap(dataset_)) |
                    (uint256(cost_) << 32) |
                    (uint256(institution_) << 112) |
                    (uint256(capacity_) << CAPACITY)
            );
    }

    function dataset(Offer offer) internal pure returns (DatasetId) {
        return DatasetId.wrap(uint32(Offer.unwrap(offer)));
    }

    function cost(Offer offer) internal pure returns (uint256) {
        return uint80(Offer.unwrap(offer) >> 32);
    }

    function institution(Offer offer) internal pure returns (uint16) {
        return uint16(Offer.unwrap(offer) >> 112);
    }

    /// @dev The uppermost field, so nothing needs to be masked.
    function capacity(Offer offer) internal pure returns (uint256) {
        return Offer.unwrap(offer) >> CAPACITY;
    }

    /// @notice A part of the offer: the same, with `amount` records.
    /// @param offer The offer.
    /// @param amount At most its capacity.
    function part(Offer offer, uint256 amount) internal pure returns (Offer) {
        return Offer.wrap((Offer.unwrap(offer) & ((1 << CAPACITY) - 1)) | (amount << CAPACITY));
    }
}
