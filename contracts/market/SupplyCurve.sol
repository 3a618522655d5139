// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Offer} from "./Offer.sol";

/**
 * @title SupplyCurve
 * @notice How many records are offered at a price, found in few steps: for each offer, in order of cost, its cost and the sum of the
 * capacities up to and including it.
 */
library SupplyCurve {
    uint256 private constant WAD = 1e18;
    uint256 private constant COST = 128;

    /// @notice The curve of some offers.
    /// @param ordered The offers in order of cost.
    function curveOf(Offer[] memory ordered) internal pure returns (uint256[] memory curve) {
        curve = new uint256[](ordered.length);
        uint256 sum = 0;
        for (uint256 i = 0; i < ordered.length; ++i) {
            sum += ordered[i].capacity();
            curve[i] = (ordered[i].cost() << COST) | sum;
        }
    }

    /// @notice What is offered at a price, in records, WAD.
    /// @param curve {curveOf} some offers.
    /// @param price In wei of coin a record.
    function supplyAt(uint256[] memory curve, uint256 price) internal pure returns (uint256 supply) {
        uint256 low = 0;
        uint256 high = curve.length;
        // Every bid asks, and nothing here can overflow.
        unchecked {
            while (low < high) {
                uint256 middle = (low + high) >> 1;
                if (curve[middle] >> COST > price) high = middle;
                else low = middle + 1;
            }
            return low == 0 ? 0 : uint128(curve[low - 1]) * WAD;
        }
    }
}
