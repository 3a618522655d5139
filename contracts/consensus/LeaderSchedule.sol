// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Seat} from "./Seat.sol";

/**
 * @title LeaderSchedule
 * @notice Who leads a slot: the validator whose interval of cumulative power contains the fractional part of slot * golden ratio, times the
 * total. The multiples of the golden ratio fall so evenly that in any run of up to 20,000 slots every validator's number of slots differs
 * from its share by at most 5; the schedule needs no state, and everybody can compute the whole epoch's in advance.
 */
library LeaderSchedule {
    /// @dev floor(2^128 / golden ratio).
    uint256 private constant GOLDEN = 0x9e3779b97f4a7c15f39cc0605cedc834;

    /// @notice Where the slot falls in [0, total).
    /// @param slot Any slot below 2^128.
    /// @param total The set's voting power, below 2^128.
    function pointOf(uint256 slot, uint256 total) internal pure returns (uint256) {
        // Below 2^128 each, so neither product overflows.
        unchecked {
            return (uint128(slot * GOLDEN) * total) >> 128;
        }
    }

    /// @notice The index of the seat that leads `slot`.
    /// @param seats A set; not empty.
    /// @param slot Any slot below 2^128.
    function seatAt(Seat[] memory seats, uint256 slot) internal pure returns (uint256 low) {
        uint256 high = seats.length - 1;
        uint256 point = pointOf(slot, seats[high].end());
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (seats[middle].end() > point) high = middle;
            else low = middle + 1;
        }
    }

    /// @notice The same of a set that is kept.
    /// @param seats The set.
    /// @param count Its seats, at least 1.
    /// @param total Its voting power.
    /// @param slot Any slot below 2^128.
    function seatAt(
        Seat[128] storage seats,
        uint256 count,
        uint256 total,
        uint256 slot
    ) internal view returns (uint256 low) {
        uint256 high = count - 1;
        uint256 point = pointOf(slot, total);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (seats[middle].end() > point) high = middle;
            else low = middle + 1;
        }
    }
}
