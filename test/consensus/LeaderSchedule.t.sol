// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LeaderSchedule} from "../../contracts/consensus/LeaderSchedule.sol";
import {Seat, SeatLib} from "../../contracts/consensus/Seat.sol";

contract LeaderScheduleTest {
    using LeaderSchedule for Seat[];
    using LeaderSchedule for Seat[128];
    using SeatLib for Seat[];

    uint256 private constant GOLDEN = 0x9e3779b97f4a7c15f39cc0605cedc834;

    Seat[128] private _kept;

    /// @notice 2^128 divided by the golden ratio, rounded down: g is the largest with g (g + 2^128) <= 2^256.
    function test_TheConstantIsTheGoldenRatio() external pure {
        unchecked {
            // The first product is just below 2^256, the second passes it.
            assert(GOLDEN * (GOLDEN + 2 ** 128) > 2 ** 255);
            assert((GOLDEN + 1) * (GOLDEN + 1 + 2 ** 128) < 2 ** 255);
        }
        assert(LeaderSchedule.pointOf(1, 2 ** 127) == GOLDEN >> 1);
    }

    /// @notice The seat is the first whose end is above the point, as a walk over all finds it; in memory and in storage.
    function testFuzz_TheSeatIsTheOneAroundThePoint(uint64[] calldata seeds, uint8 count, uint128 slot) external {
        Seat[] memory seats = _seats(seeds, count);
        uint256 total = seats[seats.length - 1].end();
        uint256 point = LeaderSchedule.pointOf(slot, total);
        assert(point < total);
        uint256 expected;
        while (seats[expected].end() <= point) ++expected;
        assert(seats.seatAt(slot) == expected);

        for (uint256 i = 0; i < seats.length; ++i) _kept[i] = seats[i];
        assert(_kept.seatAt(seats.length, total, slot) == expected);
    }

    /// @notice What is kept behind the set, of a larger one before, does not matter.
    function testFuzz_ReadsNothingBehindTheSet(uint64[] calldata seeds, uint8 count, uint40 slot) external {
        Seat[] memory seats = _seats(seeds, count);
        for (uint256 i = 0; i < 128; ++i) {
            _kept[i] = i < seats.length ? seats[i] : SeatLib.pack(address(1), uint64(i), uint16(i));
        }
        uint256 total = seats[seats.length - 1].end();
        assert(_kept.seatAt(seats.length, total, slot) == seats.seatAt(slot));
    }

    /// @notice A sample of what the tests in TypeScript show for any run: nobody is more than 5 slots off its share.
    /// hardhat-config: fuzz.runs = 24
    function testFuzz_EverybodyHasItsShare(
        uint64[] calldata seeds,
        uint8 count,
        uint40 from,
        uint16 length
    ) external pure {
        Seat[] memory seats = _seats(seeds, uint8(4 + (count % 12)));
        uint256 total = seats[seats.length - 1].end();
        uint256 slots = 1 + (length % 400);
        uint256[] memory led = new uint256[](seats.length);
        for (uint256 slot = from; slot < from + slots; ++slot) ++led[seats.seatAt(slot)];
        for (uint256 i = 0; i < seats.length; ++i) {
            uint256 share = seats.powerAt(i) * slots;
            assert(led[i] * total <= share + 5 * total && share <= (led[i] + 5) * total);
        }
    }

    /// @dev 1 to 128 seats with powers of at least 1, whose sum fits 64 bits.
    function _seats(uint64[] calldata seeds, uint8 count) private pure returns (Seat[] memory seats) {
        seats = new Seat[](1 + (count % 128));
        uint64 end;
        for (uint256 i = 0; i < seats.length; ++i) {
            uint256 seed = i < seeds.length ? seeds[i] : uint256(keccak256(abi.encode(seeds.length, i, count)));
            end += 1 + uint64((seed % type(uint64).max) >> (8 + (seed % 56)));
            seats[i] = SeatLib.pack(address(uint160(i + 1)), end, uint16(i));
        }
    }
}
