// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Equilibrium, PricingTerms, Regime} from "./StackelbergPricing.sol";

/// @notice What an order would cost.
/// @param price Of a record, in wei of coin.
/// @param amount Whole records: the equilibrium's demand, rounded up.
/// @param payment `price * amount`, in wei.
/// @param regime Which part of the equilibrium it is.
struct Quote {
    uint256 price;
    uint256 amount;
    uint256 payment;
    Regime regime;
}

/**
 * @title IQuoter
 * @notice {StackelbergPricing} for everybody: the {IDataMarket} and dApps ask it. It has no state.
 */
interface IQuoter {
    /// @notice The equilibrium of the pricing game for any terms, and the payment `lambda d`, rounded up to a wei.
    /// @param terms In WAD. Errors as {StackelbergPricing-equilibrium}.
    function equilibriumOf(
        PricingTerms calldata terms
    ) external pure returns (Equilibrium memory equilibrium, uint256 payment);

    /// @notice What an order costs whose consumer may stay out, from a stock of whole records.
    /// @param terms The game, in WAD.
    /// @param supply Whole records that there are, at most 2^32.
    /// @param maxPrice The highest price that the consumer takes, in wei.
    function quoteOf(
        PricingTerms calldata terms,
        uint256 supply,
        uint256 maxPrice
    ) external pure returns (Quote memory);
}
