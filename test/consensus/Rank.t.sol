// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rank} from "../../contracts/consensus/Rank.sol";
import {Seat, SeatLib} from "../../contracts/consensus/Seat.sol";

contract RankTest {
    /// @notice Each field is where the library draws it, and setting one leaves the others alone.
    function testFuzz_ReadsEachField(
        address operator,
        uint64 power,
        uint16 next,
        uint16 previous,
        uint16 candidate
    ) external pure {
        uint256 low = uint160(operator) | (uint256(power) << 160);
        Rank rank = Rank.wrap(low | (uint256(next) << 224) | (uint256(previous) << 240));
        assert(rank.operator() == operator);
        assert(rank.power() == power);
        assert(rank.next() == next);
        assert(rank.previous() == previous);
        assert(rank.isStanding() == (power != 0));
        assert(Rank.unwrap(rank.unranked()) == uint160(operator));
        assert(Seat.unwrap(rank.seat(candidate)) == Seat.unwrap(SeatLib.pack(operator, power, candidate)));
    }

    function testFuzz_SetsEachFieldAlone(uint256 before, uint64 power, uint16 next, uint16 previous) external pure {
        Rank rank = Rank.wrap(before);
        uint256 field = type(uint64).max;
        assert(Rank.unwrap(rank.withPower(power)) == (before & ~(field << 160)) | (uint256(power) << 160));
        field = type(uint16).max;
        assert(Rank.unwrap(rank.withNext(next)) == (before & ~(field << 224)) | (uint256(next) << 224));
        assert(Rank.unwrap(rank.withPrevious(previous)) == (before & ~(field << 240)) | (uint256(previous) << 240));
    }
}
