// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Seat, SeatLib} from "../../contracts/consensus/Seat.sol";

contract SeatTest {
    using SeatLib for Seat[];

    function testFuzz_PacksAndReadsEachField(address validator, uint64 end, uint16 candidate) external pure {
        Seat seat = SeatLib.pack(validator, end, candidate);
        assert(Seat.unwrap(seat) == uint160(validator) | (uint256(end) << 160) | (uint256(candidate) << 224));
        assert(seat.validator() == validator);
        assert(seat.end() == end);
        assert(seat.candidate() == candidate);
    }

    function testFuzz_SetsTheEndAlone(address validator, uint64 end, uint16 candidate, uint64 other) external pure {
        Seat seat = SeatLib.pack(validator, end, candidate).withEnd(other);
        assert(Seat.unwrap(seat) == Seat.unwrap(SeatLib.pack(validator, other, candidate)));
    }

    /// @notice The words of a set stand in the order of the candidates' numbers, whatever else they hold.
    function testFuzz_WordsAscendByCandidate(
        address[2] calldata validators,
        uint64[2] calldata ends,
        uint16[2] calldata candidates
    ) external pure {
        Seat one = SeatLib.pack(validators[0], ends[0], candidates[0]);
        Seat other = SeatLib.pack(validators[1], ends[1], candidates[1]);
        if (candidates[0] < candidates[1]) assert(Seat.unwrap(one) < Seat.unwrap(other));
        if (candidates[0] > candidates[1]) assert(Seat.unwrap(one) > Seat.unwrap(other));
    }

    function testFuzz_APowerIsWhatTheEndsAreApart(uint32[] calldata powers) external pure {
        Seat[] memory seats = new Seat[](powers.length);
        uint64 end;
        for (uint256 i = 0; i < powers.length; ++i) {
            end += powers[i];
            seats[i] = SeatLib.pack(address(0), end, uint16(i));
        }
        for (uint256 i = 0; i < powers.length; ++i) assert(seats.powerAt(i) == powers[i]);
    }

    /// @notice While a set is being elected, the ends are powers; nothing of the other fields gets into their sum.
    function testFuzz_SumsTheEnds(uint64[] calldata ends, address validator, uint16 candidate) external pure {
        Seat[] memory seats = new Seat[](ends.length);
        uint256 sum;
        for (uint256 i = 0; i < ends.length; ++i) {
            seats[i] = SeatLib.pack(validator, ends[i], candidate);
            sum += ends[i];
        }
        assert(seats.sumOfEnds() == sum);
    }

    function testFuzz_ShortensAndReadsAsWords(uint256[] calldata plain, uint256 length) external pure {
        Seat[] memory seats = new Seat[](plain.length);
        for (uint256 i = 0; i < plain.length; ++i) seats[i] = Seat.wrap(plain[i]);
        length %= plain.length + 1;
        seats.truncate(length);
        uint256[] memory words = seats.words();
        assert(words.length == length);
        for (uint256 i = 0; i < length; ++i) assert(words[i] == plain[i]);
    }
}
