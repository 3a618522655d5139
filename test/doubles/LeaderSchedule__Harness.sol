// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeaderSchedule} from "../../contracts/consensus/LeaderSchedule.sol";
import {Seat, SeatLib} from "../../contracts/consensus/Seat.sol";

/**
 * @title LeaderSchedule__Harness
 * @notice The contracts' schedule for any set, so that another implementation can be compared with it.
 */
contract LeaderSchedule__Harness {
    using LeaderSchedule for Seat[];
    using LeaderSchedule for Seat[128];

    Seat[128] private _kept;

    function keep(uint64[] calldata ends) external {
        Seat[] memory seats = _seats(ends);
        for (uint256 i = 0; i < seats.length; ++i) _kept[i] = seats[i];
    }

    /// @notice Who leads each of some slots, by the set in memory.
    function leadersOf(uint64[] calldata ends, uint256[] calldata slots) external pure returns (uint256[] memory led) {
        Seat[] memory seats = _seats(ends);
        led = new uint256[](slots.length);
        for (uint256 i = 0; i < slots.length; ++i) led[i] = seats.seatAt(slots[i]);
    }

    /// @notice Who leads each of some slots, by the set that is kept.
    function keptLeadersOf(
        uint256 count,
        uint256 total,
        uint256[] calldata slots
    ) external view returns (uint256[] memory led) {
        led = new uint256[](slots.length);
        for (uint256 i = 0; i < slots.length; ++i) led[i] = _kept.seatAt(count, total, slots[i]);
    }

    /// @notice How many slots of a run each seat leads.
    function tally(uint64[] calldata ends, uint256 from, uint256 slots) external pure returns (uint256[] memory led) {
        Seat[] memory seats = _seats(ends);
        led = new uint256[](seats.length);
        for (uint256 slot = from; slot < from + slots; ++slot) ++led[seats.seatAt(slot)];
    }

    function _seats(uint64[] calldata ends) private pure returns (Seat[] memory seats) {
        seats = new Seat[](ends.length);
        for (uint256 i = 0; i < ends.length; ++i) {
            seats[i] = SeatLib.pack(address(uint160(i + 1)), ends[i], uint16(i + 1));
        }
    }
}
