// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Equilibrium, StackelbergPricing, PricingTerms} from "../../contracts/market/StackelbergPricing.sol";

/**
 * @title StackelbergPricing__Harness
 * @notice The contracts' pricing game, so that another implementation can be compared with it.
 */
contract StackelbergPricing__Harness {
    /// @notice What this contract answers to each of some calls: what it returns, or the error's data.
    function answers(bytes[] calldata calls) external view returns (bytes[] memory data) {
        data = new bytes[](calls.length);
        for (uint256 i = 0; i < calls.length; ++i) (, data[i]) = address(this).staticcall(calls[i]);
    }

    function equilibrium(PricingTerms memory terms) external pure returns (Equilibrium memory) {
        return StackelbergPricing.equilibrium(terms);
    }

    function withMaxPrice(PricingTerms memory terms, uint256 maxPrice) external pure returns (PricingTerms memory) {
        return StackelbergPricing.withMaxPrice(terms, maxPrice);
    }

    function withSupply(PricingTerms memory terms, uint256 supply) external pure returns (PricingTerms memory) {
        return StackelbergPricing.withSupply(terms, supply);
    }

    function demand(uint256 alpha, uint256 c, uint256 dMin, uint256 lambda) external pure returns (uint256) {
        return StackelbergPricing.demand(alpha, c, dMin, lambda);
    }

    function payment(uint256 lambda, uint256 d) external pure returns (uint256) {
        return StackelbergPricing.payment(lambda, d);
    }

    function profit(PricingTerms memory terms, uint256 lambda) external pure returns (int256) {
        return StackelbergPricing.profit(terms, lambda);
    }

    function utility(PricingTerms memory terms, uint256 lambda) external pure returns (int256) {
        return StackelbergPricing.utility(terms, lambda);
    }

    function welfare(PricingTerms memory terms, uint256 lambda) external pure returns (int256) {
        return StackelbergPricing.welfare(terms, lambda);
    }

    function firstBest(PricingTerms memory terms) external pure returns (uint256 d, int256 gain) {
        return StackelbergPricing.firstBest(terms);
    }
}
