// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Participation} from "../../contracts/consensus/Participation.sol";
import {vm} from "../doubles/Vm.sol";

/// @notice Counters of up to 128 seats, against plain ones.
contract ParticipationTest {
    using Participation for mapping(uint256 => uint256);
    using Participation for uint256[];

    uint256 private constant MAX_SEATS = 128;

    mapping(uint256 word => uint256) private _words;

    uint256[MAX_SEATS] private _signed;
    uint256[MAX_SEATS] private _led;

    function testFuzz_CountsWhatEachSeatDid(
        uint256 seatSeed,
        uint256[5] memory signers,
        uint16[5] memory sizes
    ) external {
        uint256 seats = 1 + (seatSeed % MAX_SEATS);
        for (uint256 i; i < signers.length; ++i) {
            uint256 blocks = sizes[i] % 64;
            _addRange(seats, signers[i] & _bitsBelow(seats), blocks, uint256(keccak256(abi.encode(seatSeed, i))));
        }
        for (uint256 seat; seat < seats; ++seat) _check(seat);
    }

    function testFuzz_ASeatAtItsMostTouchesNoOther(uint256 seatSeed, uint256 seed) external {
        uint256 seats = 1 + (seatSeed % MAX_SEATS);
        uint256 full = seed % seats;
        uint256 before = 1 + (seed % (Participation.MAX_BLOCKS - 1));
        _addFor(seats, full, before);
        _addFor(seats, full, Participation.MAX_BLOCKS - before);
        for (uint256 seat; seat < seats; ++seat) {
            (uint256 signed, uint256 led) = _words.countersOf(seat);
            uint256 expected = seat == full ? Participation.MAX_BLOCKS : 0;
            assert(signed == expected && led == expected);
        }
    }

    function testFuzz_AllSeatsCanBeAtTheirMost(uint256 seatSeed) external {
        uint256 seats = 1 + (seatSeed % MAX_SEATS);
        uint256[] memory led = Participation.newTally(seats);
        for (uint256 word; word < led.length; ++word) {
            for (uint256 i; i < 8; ++i) led[word] |= Participation.MAX_BLOCKS << (i * 32 + 16);
        }
        _words.add(seats, _bitsBelow(seats), Participation.MAX_BLOCKS, led);
        for (uint256 seat; seat < seats; ++seat) {
            (uint256 signed, uint256 led_) = _words.countersOf(seat);
            assert(signed == Participation.MAX_BLOCKS && led_ == Participation.MAX_BLOCKS);
        }
    }

    function testFuzz_KeepsEightSeatsToAWord(uint256 seat, uint256 signers) external {
        seat %= MAX_SEATS;
        uint256[] memory led = Participation.newTally(MAX_SEATS);
        assert(led.length == MAX_SEATS / 8);
        led.addLeader(seat);
        assert(led[seat / 8] == uint256(1) << ((seat % 8) * 32 + 16));
        _words.add(MAX_SEATS, signers & _bitsBelow(MAX_SEATS), 1, led);
        uint256 signedBits;
        for (uint256 i; i < MAX_SEATS; ++i) {
            signedBits |= ((_words[i / 8] >> ((i % 8) * 32)) & 0xffff) << i;
        }
        assert(signedBits == signers & _bitsBelow(MAX_SEATS));
    }

    function testFuzz_NothingCountsNothing(uint256 seat) external view {
        vm.assume(seat < 2 ** 200);
        (uint256 signed, uint256 led) = _words.countersOf(seat);
        assert(signed == 0 && led == 0);
    }

    /// @dev A range of blocks with random leaders, in the library and in the model.
    function _addRange(uint256 seats, uint256 signers, uint256 blocks, uint256 seed) private {
        uint256[] memory led = Participation.newTally(seats);
        for (uint256 i; i < blocks; ++i) {
            uint256 leader = uint256(keccak256(abi.encode(seed, i))) % seats;
            led.addLeader(leader);
            ++_led[leader];
        }
        _words.add(seats, signers, blocks, led);
        for (uint256 seat; seat < seats; ++seat) {
            if ((signers >> seat) & 1 == 1) _signed[seat] += blocks;
        }
    }

    /// @dev Blocks that one seat led, and that it alone signed.
    function _addFor(uint256 seats, uint256 seat, uint256 blocks) private {
        uint256[] memory led = Participation.newTally(seats);
        led[seat / 8] = blocks << ((seat % 8) * 32 + 16);
        _words.add(seats, uint256(1) << seat, blocks, led);
    }

    function _check(uint256 seat) private view {
        (uint256 signed, uint256 led) = _words.countersOf(seat);
        assert(signed == _signed[seat] && led == _led[seat]);
    }

    function _bitsBelow(uint256 seats) private pure returns (uint256) {
        return (uint256(1) << seats) - 1;
    }
}
