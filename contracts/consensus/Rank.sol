// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Seat} from "./Seat.sol";

/**
 * @notice A candidate's place in the ranking, with all that an election wants to know of it, in one storage slot:
 *
 *     bits 0-159 operator | 160-223 power | 224-239 next | 240-255 previous
 *
 * `operator` is the institution's wallet, which also signs as validator. `power` is in gwei of coin, and 0 outside the ranking. `next` and
 * `previous` are numbers of candidates with no more and no less power; 0 is the end of the ranking on either side. Operator and power lie
 * where a {Seat} has them.
 */
type Rank is uint256;

using RankLib for Rank global;

/**
 * @title RankLib
 * @notice Reads a {Rank}.
 */
library RankLib {
    uint256 private constant POWER = 160;
    uint256 private constant NEXT = 224;
    uint256 private constant PREVIOUS = 240;
    uint256 private constant POWER_MASK = type(uint64).max;
    uint256 private constant LINK_MASK = type(uint16).max;

    function operator(Rank rank) internal pure returns (address) {
        return address(uint160(Rank.unwrap(rank)));
    }

    function next(Rank rank) internal pure returns (uint16) {
        return uint16(Rank.unwrap(rank) >> NEXT);
    }

    /// @dev The uppermost field, so nothing needs to be masked.
    function previous(Rank rank) internal pure returns (uint16) {
        return uint16(Rank.unwrap(rank) >> PREVIOUS);
    }

    function power(Rank rank) internal pure returns (uint256) {
        return (Rank.unwrap(rank) >> POWER) & POWER_MASK;
    }

    /// @notice Whether the candidate stands for election.
    function isStanding(Rank rank) internal pure returns (bool) {
        return rank.power() != 0;
    }

    function withNext(Rank rank, uint16 next_) internal pure returns (Rank) {
        return Rank.wrap((Rank.unwrap(rank) & ~(LINK_MASK << NEXT)) | (uint256(next_) << NEXT));
    }

    function withPrevious(Rank rank, uint16 previous_) internal pure returns (Rank) {
        return Rank.wrap((Rank.unwrap(rank) & ~(LINK_MASK << PREVIOUS)) | (uint256(previous_) << PREVIOUS));
    }

    function withPower(Rank rank, uint256 power_) internal pure returns (Rank) {
        return Rank.wrap((Rank.unwrap(rank) & ~(POWER_MASK << POWER)) | (power_ << POWER));
    }

    /// @notice The seat of a candidate of this rank, with its power as end.
    function seat(Rank rank, uint16 candidate) internal pure returns (Seat) {
        return Seat.wrap((Rank.unwrap(rank) & ((1 << NEXT) - 1)) | (uint256(candidate) << NEXT));
    }

    /// @notice The rank outside the ranking: only the operator is left.
    function unranked(Rank rank) internal pure returns (Rank) {
        return Rank.wrap(uint160(Rank.unwrap(rank)));
    }
}
