// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Bid} from "./Bid.sol";
import {Offer} from "./Offer.sol";
import {StackelbergPricing} from "./StackelbergPricing.sol";
import {SupplyCurve} from "./SupplyCurve.sol";

/// @notice No price is zero.
error ClearingPriceInvalid();

/// @notice The cut is at most the number of bids.
error ClearingCutInvalid(uint256 cut, uint256 bids);

/// @notice The offers are not all there in order of cost, equal ones as they came. Remedy: look at the offer in `place`.
error ClearingMeritInvalid(uint256 place);

/// @notice More records are wanted at this price than are offered, both WAD. Remedy: a higher price, or a lower cut.
error ClearingOverCapacity(uint256 demand, uint256 supply);

/// @notice The state before this one fits already, with this demand and supply, both WAD. Remedy: a higher cut, or a lower price.
error ClearingNotOptimal(uint256 demand, uint256 supply);

/**
 * @title Clearing
 * @notice The welfare-maximising price of the paper's problem C, with several providers, capacities, minima and maximum prices.
 *
 * One price holds for all. At price p a bid is for `dMin + max(0, alpha/p - c)` records while p is below its maximum price. A provider
 * sells all it has if its cost is below p, nothing if its cost is above. These are the KKT conditions of the greatest welfare. Bids whose
 * maximum price is p itself are in if they stand before the *cut*. So the states (price, cut), in the order
 *
 *     (1, N), (1, N - 1), ..., (1, 0), (2, N), ..., (2, 0), (3, N), ...
 *
 * admit less and less demand and more and more supply. The clearing state is the first in which what is wanted is offered. There is exactly
 * one, so whoever computes it decides nothing. Where not all fit, the bids with the lowest maximum price stay out, of equal ones those that
 * came last.
 *
 * A bid that is for more than is offered even at its maximum price, were it alone, is in no state: it would only raise the price until all
 * others are out. So whoever keeps others out is served, and pays.
 */
library Clearing {
    using SupplyCurve for uint256[];

    /// @notice Reverts, saying why, unless (price, cut) is the clearing state.
    /// @param bids All bids; those that are in no state, or below the price, are cleared in memory.
    /// @param curve The supply of all offers ({SupplyCurve}).
    /// @param price In wei of coin a record, above 0.
    /// @param cut A number of bids.
    function check(Bid[] memory bids, uint256[] memory curve, uint256 price, uint256 cut) internal pure {
        if (price == 0) revert ClearingPriceInvalid();
        if (cut > bids.length) revert ClearingCutInvalid(cut, bids.length);
        for (uint256 i = 0; i < bids.length; ++i) {
            if (bids[i].maxPrice() < price || !isServable(bids[i], curve)) bids[i] = Bid.wrap(0);
        }
        uint256 demand = demandOf(bids, price, cut);
        uint256 supply = curve.supplyAt(price);
        if (demand > supply) revert ClearingOverCapacity(demand, supply);

        if (cut < bids.length) {
            ++cut;
        } else if (price > 1) {
            --price;
            cut = 0;
            supply = curve.supplyAt(price);
        } else {
            return;
        }
        demand = demandOf(bids, price, cut);
        if (demand <= supply) revert ClearingNotOptimal(demand, supply);
    }

    /// @notice Reverts, saying where, unless `merit` has all offers in order of cost, equal ones in order of number.
    /// @param offers All offers, at most 32.
    /// @param merit The number of the offer in each place.
    /// @return packed The same in one word: the number in place i in byte i, the lowest first.
    function packMerit(Offer[] memory offers, uint8[] calldata merit) internal pure returns (uint256 packed) {
        uint256 count = offers.length;
        if (merit.length != count) revert ClearingMeritInvalid(merit.length);
        uint256 last = 0;
        for (uint256 place = 0; place < count; ++place) {
            uint256 index = merit[place];
            if (index >= count) revert ClearingMeritInvalid(place);
            // Strictly ascending, so each of as many as there are occurs once.
            uint256 key = (offers[index].cost() << 8) | index;
            if (place != 0 && key <= last) revert ClearingMeritInvalid(place);
            last = key;
            packed |= index << (8 * place);
        }
    }

    /// @notice The offers in the order that {packMerit} gave.
    function inMerit(Offer[] memory offers, uint256 packed) internal pure returns (Offer[] memory ordered) {
        ordered = new Offer[](offers.length);
        for (uint256 place = 0; place < offers.length; ++place) ordered[place] = offers[uint8(packed >> (8 * place))];
    }

    /// @notice The parts of the offers that serve the next `amount` records, and where the ones after them start.
    /// @param ordered The offers in order of cost; what is left of them from `place` and `sold` on is at least `amount`.
    /// @param amount Records.
    /// @param place The offer to start with.
    /// @param sold Records of it that are taken.
    function lay(
        Offer[] memory ordered,
        uint256 amount,
        uint256 place,
        uint256 sold
    ) internal pure returns (Offer[] memory parts, uint256 nextPlace, uint256 nextSold) {
        parts = new Offer[](ordered.length - place);
        uint256 count = 0;
        while (amount != 0) {
            uint256 left = ordered[place].capacity() - sold;
            uint256 taken = left < amount ? left : amount;
            parts[count++] = ordered[place].part(taken);
            amount -= taken;
            sold += taken;
            if (taken == left) {
                ++place;
                sold = 0;
            }
        }
        assembly ("memory-safe") {
            mstore(parts, count)
        }
        return (parts, place, sold);
    }

    /// @notice What is wanted in a state, in records, WAD.
    function demandOf(Bid[] memory bids, uint256 price, uint256 cut) internal pure returns (uint256 demand) {
        for (uint256 i = 0; i < bids.length; ++i) {
            if (isAdmitted(bids[i], i, price, cut)) demand += demandAt(bids[i], price);
        }
    }

    /// @notice Whether the bid, alone and at its maximum price, is for no more than is offered.
    function isServable(Bid bid, uint256[] memory curve) internal pure returns (bool) {
        uint256 maxPrice = bid.maxPrice();
        return demandAt(bid, maxPrice) <= curve.supplyAt(maxPrice);
    }

    /// @notice Whether the bid at `index`, if it is servable, is in.
    function isAdmitted(Bid bid, uint256 index, uint256 price, uint256 cut) internal pure returns (bool) {
        uint256 maxPrice = bid.maxPrice();
        return maxPrice > price || (maxPrice == price && index < cut);
    }

    /// @notice What the bid is for at a price, in records, WAD.
    function demandAt(Bid bid, uint256 price) internal pure returns (uint256) {
        return StackelbergPricing.demand(bid.alpha(), bid.c(), bid.dMin(), price);
    }
}
