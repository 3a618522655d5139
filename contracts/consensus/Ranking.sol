// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rank} from "./Rank.sol";

/**
 * @title Ranking
 * @notice The standing candidates in descending order of power: a doubly linked list whose both ends are number 0. Whoever moves a
 * candidate gives a hint, the number of the candidate that will be next above it (0 for the top). A wrong or stale hint is only dearer:
 * the search goes on from there, over at most as many candidates as stand.
 */
library Ranking {
    /// @notice Where an ordered candidate stands; `list[0]` holds both ends.
    /// @param list The ranks by candidate number.
    /// @param candidate Not in the ranking.
    /// @param power Above 0; in gwei.
    /// @param hint The candidate that will be next above.
    function insert(mapping(uint16 => Rank) storage list, uint16 candidate, uint256 power, uint16 hint) internal {
        _link(list, candidate, list[candidate].withPower(power), hint);
    }

    /// @notice Takes a candidate out.
    /// @param list The ranks by candidate number.
    /// @param candidate In the ranking.
    function remove(mapping(uint16 => Rank) storage list, uint16 candidate) internal {
        Rank rank = list[candidate];
        _unlink(list, rank);
        list[candidate] = rank.unranked();
    }

    /// @notice Gives a candidate another power, and the place that goes with it.
    /// @param list The ranks by candidate number.
    /// @param candidate In the ranking.
    /// @param power Above 0; in gwei.
    /// @param hint The candidate that will be next above.
    function update(mapping(uint16 => Rank) storage list, uint16 candidate, uint256 power, uint16 hint) internal {
        Rank rank = list[candidate];
        uint16 above = rank.previous();
        bool staysBelow = above == 0 || list[above].power() >= power;
        rank = rank.withPower(power);
        if (staysBelow && list[rank.next()].power() <= power) {
            list[candidate] = rank;
            return;
        }
        _unlink(list, rank);
        // The candidate itself is in no place while it is searched one.
        _link(list, candidate, rank, hint == candidate ? above : hint);
    }

    function _link(mapping(uint16 => Rank) storage list, uint16 candidate, Rank rank, uint16 hint) private {
        (uint16 above, uint16 below) = _placeOf(list, rank.power(), list[hint].isStanding() ? hint : 0);
        list[candidate] = rank.withNext(below).withPrevious(above);
        list[above] = list[above].withNext(candidate);
        list[below] = list[below].withPrevious(candidate);
    }

    function _unlink(mapping(uint16 => Rank) storage list, Rank rank) private {
        uint16 above = rank.previous();
        uint16 below = rank.next();
        list[above] = list[above].withNext(below);
        list[below] = list[below].withPrevious(above);
    }

    /// @dev Equals stay in the order in which they came. The end below, number 0, has power 0.
    function _placeOf(
        mapping(uint16 => Rank) storage list,
        uint256 power,
        uint16 start
    ) private view returns (uint16 above, uint16 below) {
        above = start;
        while (above != 0 && list[above].power() < power) above = list[above].previous();
        below = list[above].next();
        while (below != 0 && list[below].power() >= power) {
            above = below;
            below = list[below].next();
        }
    }
}
